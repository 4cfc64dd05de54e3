"""The page about one child: gathers what each part knows into one header, one story and one page per part."""
