"""Los controles de las lecciones, para moverlos en la página sin Python.

El cuaderno ejecutado guarda un dibujo por ajuste (taller/estados.py). Aquí sale uno
solo, con un deslizador o botones por mando; los demás están en `_controles/`, en un
guion por control que `controles.js` pide la primera vez que alguien toca un mando. La
hoja con varios paneles queda para el papel, para quien no tiene JavaScript y detrás de
un botón, con su texto alternativo.
"""

import json
from html import escape
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import nbformat
from docutils import nodes
from figuras import aligerar

# Solo ese archivo: el sitio se construye sin lo que `taller` importa al empezar.
_FICHA = spec_from_file_location(
    "estados_del_taller", Path(__file__).resolve().parents[2] / "taller" / "estados.py"
)
_ESTADOS = module_from_spec(_FICHA)
_FICHA.loader.exec_module(_ESTADOS)
CLAVE, desempacar = _ESTADOS.CLAVE, _ESTADOS.desempacar

GUIONES = "_controles"
PIE = "De un panel a otro "  # así empieza lo que `taller.control` dice de la hoja
POCOS = 4  # hasta aquí, botones; los números, solo si son dos


def estado(datos: dict, i: int) -> str:
    """Lo que se lee en voz alta del ajuste `i`: los mandos y lo que dice el dibujo."""
    partes, resto = [], i
    for mando in reversed(datos["mandos"]):
        resto, cual = divmod(resto, len(mando["valores"]))
        partes.insert(0, f"{mando['nombre']} = {mando['valores'][cual]}")
    frase = datos["frases"][i]
    return " · ".join(partes) + (f". {frase}" if frase else "")


def mando_html(mando: dict, clave: str, n: int) -> str:
    """Un mando: botones de opción si hay pocos valores, y si no un deslizador."""
    nombre, valores = escape(mando["nombre"]), [escape(v) for v in mando["valores"]]
    if len(valores) <= (2 if mando["numeros"] else POCOS):
        opciones = "".join(
            f'<label><input type="radio" name="{clave}-{n}" value="{i}" '
            f'aria-label="{valor}"{" checked" if i == 0 else ""}>'
            f"<span>{valor}</span></label>"
            for i, valor in enumerate(valores)
        )
        return f'<fieldset class="mando"><legend>{nombre}</legend>{opciones}</fieldset>'
    textos = escape(json.dumps(mando["valores"], ensure_ascii=False))
    return (
        f'<div class="mando"><label for="{clave}-{n}">{nombre}</label>'
        f'<output for="{clave}-{n}" aria-hidden="true">{valores[0]}</output>'
        f'<input type="range" id="{clave}-{n}" min="0" max="{len(valores) - 1}" '
        f'value="0" aria-label="{nombre}" aria-valuetext="{valores[0]}" '
        f'data-valores="{textos}"></div>'
    )


def panel_html(datos: dict, clave: str, raiz: str) -> str:
    """El control de la página; `raiz` lleva de ella a la raíz del sitio («../»)."""
    mandos = "".join(mando_html(m, clave, n) for n, m in enumerate(datos["mandos"]))
    hechas = len(datos["dibujos"])
    nota = ""
    if hechas < datos["de"]:
        nota = (
            f'<p class="nota-control">Aquí hay {hechas} de las {datos["de"]} '
            "combinaciones; el cuaderno las mueve todas.</p>"
        )
    return (
        f'<div class="control" data-control="{clave}" '
        f'data-guion="{raiz}{GUIONES}/{clave}.js" '
        'data-fallo="No llegaron los demás ajustes. Abajo hay varios juntos.">'
        f'<p class="pide-control">{escape(datos["pide"])}</p>'
        f'<div class="mandos">{mandos}</div>'
        f'<img src="{raiz}_images/{clave}.svg" alt="{escape(estado(datos, 0))}" '
        'loading="lazy">'
        f'<p class="solo-voz" role="status"></p>{nota}'
        f'<button type="button" class="ver-hoja" aria-expanded="false" '
        f'aria-controls="hoja-{clave}" data-abierta="Ocultar los ajustes juntos">'
        "Ver varios ajustes juntos</button></div>"
    )


def guion(datos: dict, clave: str) -> str:
    """El guion que deja en la página todos los estados de un control."""
    textos = [estado(datos, i) for i in range(len(datos["dibujos"]))]
    suyo = {"lineas": datos["lineas"], "dibujos": datos["dibujos"], "textos": textos}
    cuerpo = json.dumps(suyo, ensure_ascii=False, separators=(",", ":"))
    return f"(self.CONTROLES ||= {{}})[{json.dumps(clave)}] = {cuerpo};\n"


def de_cuaderno(ruta: Path) -> dict[int, list[dict | None]]:
    """Por celda, los estados de cada salida con imagen; `None` si no es un control."""
    hallados = {}
    for i, celda in enumerate(nbformat.read(ruta, as_version=4).cells):
        salidas = [
            s.get("metadata", {}).get(CLAVE)
            for s in celda.get("outputs", [])
            if any(t.startswith("image/") for t in s.get("data", {}))
        ]
        if any(salidas):
            hallados[i] = salidas
    return hallados


def partir(dicho: nodes.literal_block) -> tuple[nodes.literal_block | None, ...]:
    """El pie de la hoja y lo demás que imprimió la celda; `None` lo que no haya.

    Las dos cosas llegan en una sola salida de texto.
    """
    lineas = dicho.astext().splitlines()
    hechas = []
    for del_pie in (True, False):
        texto = "\n".join(x for x in lineas if x.startswith(PIE) is del_pie)
        texto = texto.strip("\n")
        nuevo = nodes.literal_block(texto, texto, **dicho.attributes)
        hechas.append(nuevo if texto else None)
    return tuple(hechas)


def envolver(imagen: nodes.image, clave: str, panel: str) -> None:
    """Pone el panel ante la imagen, y a ella y a su pie, en la hoja fija.

    Lo demás que imprimió la celda queda debajo, a la vista.
    """
    caja = imagen.parent
    hoja = nodes.container(ids=[f"hoja-{clave}"], classes=["hoja-fija"])
    i = caja.index(imagen)
    antes = caja[i - 1] if i else None
    aparte = None
    if isinstance(antes, nodes.literal_block) and "stream" in antes["classes"]:
        caja.remove(antes)
        pie, aparte = partir(antes)
        hoja += pie or []
    debajo = [nodes.raw("", panel, format="html"), hoja]
    caja.replace(imagen, debajo + ([aparte] if aparte else []))
    hoja += imagen


def poner(app, doctree, docname) -> None:
    """Cambia la hoja de cada control por su panel, y escribe sus dibujos."""
    ruta = Path(app.srcdir, f"{docname}.ipynb")
    if app.builder.name != "html" or not ruta.is_file():
        return
    estados, cuenta = de_cuaderno(ruta), 0
    if not estados:
        return
    salida, raiz = Path(app.outdir), "../" * docname.count("/")
    for carpeta in (GUIONES, app.builder.imagedir):
        (salida / carpeta).mkdir(parents=True, exist_ok=True)
    for celda in list(doctree.findall(nodes.container)):
        if celda.get("nb_element") != "cell_code":
            continue
        suyos = estados.get(celda.get("cell_index"), [])
        imagenes = list(celda.findall(nodes.image))
        for datos, imagen in zip(suyos, imagenes, strict=False):
            if datos is None:
                continue
            cuenta += 1
            clave = f"control-{Path(docname).name}-{cuenta}"
            dibujo = salida / app.builder.imagedir / f"{clave}.svg"
            dibujo.write_text(aligerar(desempacar(datos)[0]), encoding="utf-8")
            destino = salida / GUIONES / f"{clave}.js"
            destino.write_text(guion(datos, clave), encoding="utf-8")
            envolver(imagen, clave, panel_html(datos, clave, raiz))


def poner_guion(app, pagename, templatename, context, doctree) -> None:
    """Pone `controles.js` solo en las páginas que tienen algún control."""
    if 'data-control="' in context.get("body", ""):
        app.add_js_file("controles.js")


def setup(app) -> dict:
    """Conecta el cambio con el momento anterior a escribir la página."""
    app.connect("doctree-resolved", poner, priority=600)
    app.connect("html-page-context", poner_guion, priority=700)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
