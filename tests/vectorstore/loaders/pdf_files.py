"""Small PDFs made by hand: lines of Latin text at given heights, or no text at all."""

from __future__ import annotations


def make_pdf(pages: list[list[tuple[int, str]]], title: str = "", drawn_too: str = "") -> bytes:
    """Return a PDF whose pages show each line at its height in points.

    `drawn_too` is what the first page's content has besides, in PDF's own words.
    """
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, lines in enumerate(pages):
        drawn = "\n".join(f"BT /F1 12 Tf 72 {y} Td ({text}) Tj ET" for y, text in lines)
        drawn = f"{drawn_too}\n{drawn}" if n == 0 else drawn
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * n} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    objects.append(f"<< /Title ({title}) >>")
    out = b"%PDF-1.4\n"
    places = []
    for n, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{n} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    return out + f"{trailer}\nstartxref\n{start}\n%%EOF\n".encode()
