from onroll.design.colours import authority_css, contrast, why_not_colour


def test_a_colour_on_which_white_words_can_be_read_is_an_authoritys():
    assert why_not_colour("#17524f") == ""
    assert authority_css("#8a3b12").startswith(":root{--onroll-brand:#8a3b12;")


def test_a_colour_that_is_too_light_is_refused_in_words_and_never_reaches_a_page():
    assert why_not_colour("#ffdd00") == "White words can't be read on this colour. Choose a darker one"
    assert authority_css("#ffdd00") == ""


def test_what_is_no_colour_never_gets_into_the_stylesheet():
    assert why_not_colour("red;}body{display:none") == "Enter the colour as # and six letters or numbers, like #17524f"
    assert authority_css("red;}body{display:none") == ""


def test_contrast_runs_from_1_to_21():
    assert round(contrast("#000000", "#ffffff")) == 21
    assert contrast("#17524f", "#17524f") == 1
