"""Three corrections to every page that Jupyter Book, docutils and sphinx-exercise write."""

REPLACED = {
    # A list for a screen reader must hold list items; docutils gives the entries another role.
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    # An id stands once on a page; sphinx-exercise gives all its exercises the same.
    '<section id="exercise-content">': '<section class="exercise-content">',
}


def correct(app, pagename, templatename, context, doctree):
    # thebe needs an outside host and a kernel, and raises an error on pages without either.
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if "thebe" not in f"{file.filename} {file.attributes}".lower()]
    if "body" in context:
        for wrong, right in REPLACED.items():
            context["body"] = context["body"].replace(wrong, right)


def setup(app):
    app.connect("html-page-context", correct, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
