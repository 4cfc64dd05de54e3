from onroll.children.tests.conftest import cast

__all__ = ["cast"]
