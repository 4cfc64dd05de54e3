"""Components: forms, tables, tags, timelines and pictures, after govuk-frontend.

A page extends `design/layout.html` (blocks title, width, back, page_head, content, main_class, head;
`{% block width %}onroll--narrow{% endblock %}` for reading and forms) and says `{% load design %}`.
Every component is drawn at /components, each with its states; what it is given is a value of
design.values, design.tables or design.story, prepared by the page. The tags and filters:

    words      day day_short day_in_term weekday length_of_time length_of_time_short number count_of percent
               part_of_whole (filters; the same as functions in design.words)
    page       page_head · page_head_with · back_link · breadcrumbs · notice · warning_text · inset · details · panel
               summary_list · confirmation · phase_banner · empty · count_pill · progress
    forms      design.forms: GovukForm FilterForm Look GovukDateField GovukOneBoxDateField
               error_summary · button · actions · fieldset · checks
    lists      design.tables: Table Column Cell GroupRow TickedRow, drawn by table · tag
               filter_panel · filter_opener · chips (Chip) · as_at (AsAt) · pagination (Pages)
    a child    child_header (ChildHeader Fact Mark Tab) · disclosure_mark · person_chip (PersonChip) · quote
               timeline (Timeline Entry) · story (design.story: Story Lane Bar Event) · spell_table (SpellRow)
    figures    figure (Figure) · tile (Tile) · rag · sparkline · meter
               design.charts: ChartFrame round a Line, Columns or Bars, which draws itself: {{ frame }}
    data       import_sentences (ImportSentence) · difference (Difference Side)

A notice after an act: `messages.success(request, "…")`, and the next page opens on it. An authority's
colours: `design.colours`. Script adds, by attributes: data-onroll-live="id" on a form (search as one
types), data-onroll-submit on a select, data-onroll-all="name" on a box that ticks the others.
"""
