"""Los paneles de memoria, NF4 y rango: la misma cuenta que Python, y con el teclado."""

import ast
import itertools
import json
import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from navegador import REVISION, abrir_chromium, escuchar, servir

from herramientas.archivos import RAIZ

sys.path.insert(0, str(RAIZ / "book" / "_ext"))

laboratorio = pytest.importorskip("laboratorio")
exploradores = pytest.importorskip("exploradores")

pytestmark = pytest.mark.timeout(600)
# Píxeles de la letra más pequeña de los dibujos que hay en un sitio; 99 si no hay.
LETRA_MENOR = """(donde) => Math.min(99, ...[
    ...document.querySelectorAll(`${donde} svg text`),
].map(
    (t) => t.ownerSVGElement.getCTM().a * parseFloat(getComputedStyle(t).fontSize),
))"""
SUYOS = ("memoria", "nf4", "lora")
GUIONES = RAIZ / "book" / "_static" / "laboratorio"


def de_cuaderno(nombre: str, buscados: set[str], espacio: dict) -> dict:
    """Ejecuta de un cuaderno solo las definiciones que se piden, en su orden."""
    (ruta,) = RAIZ.glob(f"notebooks/{nombre}_*.ipynb")
    hallados = set()
    for celda in json.loads(ruta.read_text(encoding="utf-8"))["cells"]:
        if celda["cell_type"] != "code":
            continue
        for nodo in ast.parse("".join(celda["source"])).body:
            destino = getattr(nodo, "target", None) or (
                nodo.targets[0] if isinstance(nodo, ast.Assign) else None
            )
            suyo = getattr(nodo, "name", None) or getattr(destino, "id", None)
            if suyo in buscados:
                hallados.add(suyo)
                exec(ast.unparse(nodo), espacio)
    assert hallados == buscados
    return espacio


@pytest.fixture(scope="module")
def carpeta(tmp_path_factory) -> Path:
    """Una página con los tres paneles cerrados y nada más, para abrir con `file://`."""
    destino = tmp_path_factory.mktemp("paneles")
    for guion in GUIONES.iterdir():
        shutil.copy(guion, destino)
    shutil.copy(RAIZ / "book" / "_static" / "curso.css", destino)
    html = ['<!DOCTYPE html><html lang="es" data-theme="light"><meta charset="utf-8">']
    html.append('<meta name="viewport" content="width=device-width">')
    html.append('<link rel="stylesheet" href="curso.css"><body><main>')
    for nombre in SUYOS:
        datos = laboratorio.generados(RAIZ)[f"datos-{nombre}.js"]
        (destino / f"datos-{nombre}.js").write_text(datos, encoding="utf-8")
        html += [
            n.astext()
            for n in laboratorio.panel(nombre, RAIZ).children
            if n.tagname == "raw"
        ]
    html.append('</main><script src="base.js"></script></body></html>')
    (destino / "index.html").write_text("\n".join(html), encoding="utf-8")
    return destino


@pytest.fixture(scope="module")
def navegador():
    with abrir_chromium() as sesion:
        yield sesion


@pytest.fixture(scope="module")
def pestana(navegador, carpeta):
    """La página con los tres paneles abiertos, a 360 píxeles."""
    hoja = navegador.new_page()
    hoja.set_viewport_size({"width": 360, "height": 800})
    visto = escuchar(hoja, "file:")
    hoja.goto((carpeta / "index.html").as_uri())
    for nombre in SUYOS:
        caja = hoja.locator(f"[data-laboratorio={nombre}]")
        caja.get_by_role("button", name="Abrir").click()
        caja.locator(".dentro-lab").wait_for()
    yield hoja
    assert not visto["errores"] and not visto["fuera"] and not visto["rotas"]


# --- Igual a Python -----------------------------------------------------------------


@pytest.fixture(scope="module")
def leccion_06() -> dict:
    """Las funciones de la lección 06, y la peor razón calculada como en ella."""
    campos = "V d n h hk dh m atada qk"
    espacio = {"Forma": namedtuple("Forma", campos), "GB": 2**30}
    cuentas = {"matrices", "contar", "precio", "en_bloques", "entrenables_lora"}
    cuentas |= {"por_capa", "ADAM", "presupuesto", "CONFIGURACIONES", "MODELOS"}
    cuentas |= {"TRL", "UNSLOTH", "veredicto", "sin_bloques", "FORMAS_DE_ENTRENAR"}
    e = de_cuaderno("06", cuentas, espacio)
    predicho = {
        n: sum(e["presupuesto"](f, "QLoRA", 32, 1, 1024, 256, cuadratica=True).values())
        for n, f in e["MODELOS"].items()
    }
    razones = [
        gb / (predicho[n] / e["GB"])
        for cifras in (e["TRL"], e["UNSLOTH"])
        for n, gb in cifras.items()
    ]
    e |= {"T4": 14.741 * e["GB"], "PEOR": max(razones), "JUSTO": "justo, mide antes"}
    return e


def test_la_calculadora_es_la_de_la_leccion(pestana, leccion_06):
    e = leccion_06
    assert exploradores.datos_memoria(RAIZ)["t4"] == e["T4"] / e["GB"]
    formas = exploradores.datos_memoria(RAIZ)["formas"]
    assert {n: e["Forma"](*d) for n, d in formas.items() if n != "semilla"} == (
        e["MODELOS"]
    )
    casos = list(
        itertools.product(formas, (1, 8, 64, 256), (128, 777, 1024, 8192), (1, 3, 16))
    )
    assert len(casos) >= 200
    hechos = pestana.evaluate(
        "casos => casos.map(([m, r, largo, lote]) => Object.values("
        "LABORATORIO.memoria.calcular(LABORATORIO.datos.memoria, m, r, largo, lote))"
        ".map((x) => [Object.values(x.partes), x.veredicto]))",
        [list(c) for c in casos],
    )
    vistos = []
    for (modelo, r, largo, lote), suyos in zip(casos, hechos, strict=True):
        f = e["Forma"](*formas[modelo])
        cuadratica = e["sin_bloques"](f, con_mascara=lote > 1)
        formas_de = e["FORMAS_DE_ENTRENAR"].values()
        for (metodo, trozo), (partes, dice) in zip(formas_de, suyos, strict=True):
            espera = e["presupuesto"](
                f, metodo, r, lote, largo, trozo, cuadratica=cuadratica
            )
            assert partes == pytest.approx(list(espera.values()), rel=1e-12)
            assert dice == e["veredicto"](espera), (modelo, r, largo, lote, metodo)
            vistos.append(dice)
    # los tres veredictos salen, y ninguno por casualidad
    assert all(vistos.count(v) > 30 for v in ("cabe", "justo, mide antes", "no cabe"))


@pytest.mark.lento
def test_nf4_es_el_de_la_leccion_y_el_de_la_biblioteca(pestana):
    torch = pytest.importorskip("torch")
    bnbf = pytest.importorskip("bitsandbytes.functional")
    e = de_cuaderno("07", {"cuantizar", "empacar"}, {"torch": torch})
    tabla = bnbf.get_4bit_type("nf4", device="cpu")
    assert pestana.evaluate("LABORATORIO.nf4.NF4") == tabla.tolist()
    medios = ((tabla[1:] + tabla[:-1]) / 2).tolist()
    azar = torch.Generator().manual_seed(7)
    pesos = torch.randn(400, 64, generator=azar) * torch.logspace(-4, 2, 400)[:, None]
    pesos[0] = 0
    pesos[1, :15], pesos[1, 15:] = torch.tensor(medios), 1.0  # los empates
    pesos[2:6] = torch.tensor(exploradores.bloques_de_semilla(RAIZ))
    hechos = pestana.evaluate(
        "bloques => bloques.map(LABORATORIO.nf4.cuantizar)", pesos.tolist()
    )
    codigos, absmax = e["cuantizar"](pesos, tabla)
    assert [h["codigos"] for h in hechos] == codigos.tolist()
    assert [h["absmax"] for h in hechos] == absmax.flatten().tolist()
    octetos = [o for h in hechos for o in h["octetos"]]
    assert octetos == e["empacar"](codigos).tolist()
    suyos, estado = bnbf.quantize_4bit(pesos[1:], quant_type="nf4")
    pares = zip(octetos[32:], suyos.flatten().tolist(), strict=True)
    distintos = sum(a != b for a, b in pares)
    assert distintos <= 1e-3 * len(octetos)
    vuelta = bnbf.dequantize_4bit(suyos, estado)
    error = (vuelta[5] - pesos[6]).norm() / pesos[6].norm()
    assert hechos[6]["error"] == pytest.approx(error.item(), rel=1e-4)


def test_el_bloque_es_de_semilla():
    safetensors = pytest.importorskip("safetensors.torch")
    pesos = safetensors.load_file(
        RAIZ / "taller" / "recursos" / "semilla" / "model.safetensors"
    )
    suyos = pesos["model.layers.3.mlp.up_proj.weight"].flatten()[:256].float()
    assert sum(exploradores.bloques_de_semilla(RAIZ), []) == suyos.tolist()


def test_el_rango_es_el_de_las_lecciones(pestana, leccion_06):
    e = de_cuaderno("08", {"entrenables_resuelta"}, {})
    e = de_cuaderno("10", {"predecir"}, e | {"pesa": 0})
    datos = exploradores.datos_lora(RAIZ)["formas"]
    assert len(datos) >= 4
    nombres = pestana.evaluate("LABORATORIO.lora.MATRICES")
    grupos = [nombres, nombres[:4], nombres[4:], ["q_proj", "v_proj"], ["down_proj"]]
    casos = list(itertools.product(datos, (1, 4, 16, 64, 256), grupos))
    hechos = pestana.evaluate(
        "casos => casos.map(([m, r, elegidas]) => LABORATORIO.lora.calcular("
        "LABORATORIO.datos.lora.formas[m], r, elegidas))",
        [list(c) for c in casos],
    )
    for (modelo, r, elegidas), hecho in zip(casos, hechos, strict=True):
        f = leccion_06["Forma"](*datos[modelo])
        suyas = zip(nombres, leccion_06["matrices"](f), strict=True)
        suyas = {n: (ent, sal) for n, (sal, ent) in suyas}
        todas = {f"b.{i}.{n}": s for i in range(f.n) for n, s in suyas.items()}
        espera = e["entrenables_resuelta"](todas, elegidas, r)
        assert hecho["entrena"] == espera
        assert hecho["total"] == sum(leccion_06["contar"](f).values())
        con_lora = [s for n, s in todas.items() if n.rsplit(".", 1)[1] in elegidas]
        memoria = e["predecir"](r, con_lora)
        assert hecho["memoria"] == {n: b for n, b in memoria.items() if n != "base"}


# --- Con el teclado, en el teléfono -------------------------------------------------


def caja_de(pestana, nombre: str):
    return pestana.locator(f"[data-laboratorio={nombre}]")


def test_mover_el_largo_cambia_el_veredicto_y_se_anuncia(pestana):
    caja = caja_de(pestana, "memoria")
    caja.get_by_label("Modelo base").select_option("Qwen3-0.6B")
    largo = caja.get_by_label("Largo, en tokens")
    largo.focus()
    pestana.keyboard.press("Home")
    antes = caja.locator(".lab-mem-veredicto").all_inner_texts()
    assert antes == ["justo, mide antes", "cabe", "cabe", "cabe"]
    pestana.keyboard.press("End")
    despues = caja.locator(".lab-mem-veredicto").all_inner_texts()
    assert len(despues) == 4 and "no cabe" in despues
    anuncio = caja.locator(".lab-anuncio")
    pestana.wait_for_function("e => e.textContent", arg=anuncio.element_handle())
    assert "no cabe" in anuncio.inner_text()
    assert caja.locator("table tbody tr").count() == 6


def test_el_mayor_lote_no_contradice_a_la_barra(pestana):
    """Con lote 1 una T4 pide el cuadrado del largo: puede caber 8 y no caber 1."""
    caja = caja_de(pestana, "memoria")
    caja.get_by_label("Modelo base").select_option("semilla")
    caja.get_by_label("Largo, en tokens").focus()
    pestana.keyboard.press("End")
    caja.get_by_label("Lote").focus()
    pestana.keyboard.press("Home")
    assert caja.locator(".lab-mem-veredicto").last.inner_text() == "justo, mide antes"
    dice = caja.locator("p", has_text="el mayor lote").inner_text()
    mayor = int(dice.split("dudas es ")[1].split(".")[0])
    assert mayor > 8 and "no hay relleno ni máscara" in dice
    for lote, veredicto in ((mayor, "cabe"), (mayor + 1, "justo, mide antes")):
        valores = pestana.evaluate(
            "n => LABORATORIO.memoria.calcular(LABORATORIO.datos.memoria, "
            "'semilla', 16, 16384, n)['QLoRA por trozos'].veredicto",
            lote,
        )
        assert valores == veredicto
    franja = caja.locator(".lab-mem-barra u").first.bounding_box()
    raya = caja.locator(".lab-mem-barra i").first.bounding_box()
    assert franja["width"] > 10
    assert franja["x"] + franja["width"] == pytest.approx(raya["x"], abs=2)


def test_el_dibujo_del_rango_no_se_sale(pestana):
    caja = caja_de(pestana, "lora")
    caja.get_by_role("slider", name="Rango").focus()
    pestana.keyboard.press("End")
    for grupo in ("Solo q y v", "MLP", "Todas"):
        caja.get_by_role("button", name=grupo).click()
        orillas = caja.locator("svg rect").evaluate_all(
            "todos => todos.map((r) => r.x.baseVal.value + r.width.baseVal.value)"
        )
        assert max(orillas) <= 340
    for casilla in caja.get_by_role("checkbox").all():
        casilla.uncheck()
    assert caja.locator("svg").count() == 0
    assert caja.get_by_text("Marca al menos una matriz.").is_visible()
    caja.get_by_role("button", name="Todas").click()
    assert caja.locator("svg").count() == 1


def test_un_peso_enorme_cambia_el_bloque(pestana):
    caja = caja_de(pestana, "nf4")
    valor = caja.get_by_label("Valor del peso")

    def dato(nombre):
        fila = caja.locator("dl > div").filter(
            has=pestana.locator("dt", has_text=nombre)
        )
        return fila.first.locator("dd").inner_text()

    antes = dato("absmax del bloque")
    valor.focus()
    pestana.keyboard.press("End")
    assert dato("peso") == "0,5000" and dato("código").startswith("15")
    assert dato("absmax del bloque").startswith("0,5000") and "0,5000" not in antes
    assert int(dato("otros códigos que cambian").split()[0]) > 20
    pestana.keyboard.press("ArrowLeft")
    assert dato("peso") == "0,4990"
    caja.get_by_role("button", name="Volver").click()
    assert dato("absmax del bloque") == antes
    assert dato("otros códigos que cambian").startswith("0 ")


def test_un_peso_se_arrastra(pestana):
    caja = caja_de(pestana, "nf4")
    caja.locator("svg").scroll_into_view_if_needed()
    marco = caja.locator("svg").bounding_box()
    medio = marco["y"] + marco["height"] / 4
    pestana.mouse.move(marco["x"] + marco["width"] * 0.5, medio)
    pestana.mouse.down()
    pestana.mouse.move(marco["x"] + marco["width"] * 0.25, medio, steps=4)
    pestana.mouse.up()
    valor = float(caja.get_by_label("Valor del peso").input_value())
    assert valor == pytest.approx(-0.266, abs=0.01)
    assert "peso 1 vale −0,2" in caja.locator("svg title").text_content()
    caja.get_by_role("button", name="Volver").click()


def test_elegir_matrices_y_rango(pestana):
    caja = caja_de(pestana, "lora")
    caja.get_by_role("button", name="Solo q y v").click()
    assert caja.get_by_role("checkbox", checked=True).count() == 2
    assert caja.locator("table").first.locator("tbody tr").count() == 2
    caja.get_by_role("slider", name="Rango").focus()
    pestana.keyboard.press("Home")
    uno = caja.locator(".lab-lora-resumen").inner_text()
    pestana.keyboard.press("End")
    muchos = caja.locator(".lab-lora-resumen").inner_text()
    assert uno != muchos and "más números que" in muchos
    caja.get_by_role("button", name="Todas").click()
    assert caja.get_by_role("checkbox", checked=True).count() == 7
    pestana.wait_for_function(
        "e => e.textContent.includes('7 matrices')",
        arg=caja.locator(".lab-anuncio").element_handle(),
    )


@pytest.mark.parametrize("ancho", [360, 1300])
def test_nada_se_sale_ni_queda_sin_nombre(pestana, ancho):
    pestana.set_viewport_size({"width": ancho, "height": 800})
    sobra = pestana.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert sobra <= 0
    sin_nombre = pestana.evaluate(
        "() => [...document.querySelectorAll('input, select, button')].filter((e) => "
        "!(e.getAttribute('aria-label') || e.textContent.trim() || "
        "e.labels?.[0]?.textContent.trim())).map((e) => e.outerHTML)"
    )
    assert not sin_nombre
    assert pestana.evaluate(LETRA_MENOR, "main") >= 9


@pytest.fixture(scope="module")
def sitio() -> Path:
    """El sitio al día: lo construye si algo cambió desde la última vez."""
    from herramientas import tareas

    tareas.construir(sys.executable)
    return RAIZ / "_build" / "html"


@pytest.mark.parametrize("tema", ["light", "dark"])
@pytest.mark.parametrize("por_red", [True, False])
def test_en_el_sitio(navegador, sitio, por_red, tema):
    """Cada panel se abre en su lección, se lee en los dos temas y no sale del sitio."""
    with servir(sitio) as base:
        hoja = navegador.new_page()
        hoja.emulate_media(color_scheme=tema, reduced_motion="reduce")
        inicio = base if por_red else sitio.as_uri() + "/"
        visto = escuchar(hoja, base if por_red else "file:")
        for nombre in SUYOS:
            uno = laboratorio.EXPLORADORES[nombre]
            hoja.set_viewport_size({"width": 1300, "height": 850})
            hoja.goto(f"{inicio}{uno.leccion}.html#laboratorio-{nombre}")
            caja = caja_de(hoja, nombre)
            caja.get_by_role("button", name="Abrir").press("Enter")
            caja.locator(".dentro-lab").wait_for()
            for ancho in (1300, 360):
                hoja.set_viewport_size({"width": ancho, "height": 850})
                hallado = hoja.evaluate(REVISION.read_text(encoding="utf-8"))
                assert not hallado["flojos"] and not hallado["nombre_distinto"]
                assert hallado["desborde"] <= 0, hallado["sobresalen"]
                assert hoja.evaluate(LETRA_MENOR, f"[data-laboratorio={nombre}]") >= 9
        assert not visto["errores"] and not visto["rotas"] and not visto["fuera"]
        hoja.close()


def test_una_leccion_cambiada_se_explica(tmp_path):
    (tmp_path / "notebooks").mkdir()
    vacio = {"cells": [{"cell_type": "code", "source": ["TRL = {}"]}]}
    (tmp_path / exploradores.LECCION).write_text(json.dumps(vacio), encoding="utf-8")
    with pytest.raises(exploradores.ExtensionError, match="La lección 06"):
        exploradores.de_la_leccion(tmp_path)
