"""El laboratorio: en la página está el mismo modelo que en Python, y se deja usar."""

import json
import random
import re
import shutil
import sys
import unicodedata
from pathlib import Path

import pytest
from navegador import REVISION, abrir_chromium, escuchar, servir

from herramientas.archivos import ADAPTADOR, RAIZ, RESULTADOS, SEMILLA, sello
from herramientas.semilla import exportar_pagina as exportar

sys.path.insert(0, str(RAIZ / "book" / "_ext"))
nodos = pytest.importorskip("docutils.nodes")
laboratorio = pytest.importorskip("laboratorio")

# Abre un navegador y, al final, construye el sitio: con el equipo ocupado tarda.
pytestmark = pytest.mark.timeout(1800)

CON_MODELO = ("atencion", "generacion", "tratos")
MIOS = ("tokenizador", *CON_MODELO)
MB_POR_HTTP, MB_DE_ARCHIVO = 9, 11
EMPATE = 1e-4  # diferencia de puntajes con que dos programas pueden elegir distinto
GENERAR = """async ([pedidos, adaptador, tope]) => {
    const partes = adaptador ? ["base", "adaptador"] : ["base"];
    const leer = await LABORATORIO.semilla(partes);
    const salen = [];
    for (let ids of pedidos) {
        const desde = ids.length;
        while (ids.length < desde + tope) {
            const { logits } = await leer({ sesion: "prueba", ids, adaptador });
            ids = [...ids, LABORATORIO.mayor(logits)];
            if (ids.at(-1) === LABORATORIO.tokenizador.FIN) break;
        }
        salen.push(ids.slice(desde));
    }
    return salen;
}"""


# --- Lo que se exporta --------------------------------------------------------------


def test_los_pesos_se_leen_como_con_safetensors():
    numpy = pytest.importorskip("safetensors.numpy")
    for carpeta, archivo in ((SEMILLA, "model"), (ADAPTADOR, "adapter_model")):
        ruta = carpeta / f"{archivo}.safetensors"
        suyos, nuestros = numpy.load_file(ruta), exportar.leer_pesos(ruta)
        assert suyos.keys() == nuestros.keys()
        for nombre, matriz in suyos.items():
            assert nuestros[nombre].lados == matriz.shape
            assert list(nuestros[nombre].numeros) == matriz.ravel().tolist()


def test_los_enteros_son_los_que_daria_numpy():
    import numpy as np

    from herramientas.medidas.laboratorio import desempacar

    _, pesos = exportar.matrices_de_semilla()
    vueltos = desempacar(*exportar.empacado("base"))
    assert vueltos.keys() == pesos.keys()
    for nombre, (lados, numeros) in pesos.items():
        matriz = np.array(numeros, np.float32).reshape(lados)
        if matriz.ndim == 1:
            assert np.array_equal(vueltos[nombre], matriz)
            continue
        escalas = np.abs(matriz).max(axis=1, keepdims=True) / np.float32(127)
        enteros = np.rint(matriz / escalas)
        assert np.abs(enteros).max(axis=1).min() == exportar.MAXIMO
        assert np.array_equal(vueltos[nombre], enteros * escalas)
        lejos = np.abs(vueltos[nombre] - matriz)
        assert (lejos <= 0.501 * escalas).all()


def test_una_fila_de_ceros_no_divide_entre_cero():
    enteros, escalas = exportar.cuantizar(exportar.Matriz((4, 8), (0.0,) * 32))
    assert not any(enteros) and list(escalas) == [1.0] * 4


def test_una_matriz_que_no_va_de_cuatro_en_cuatro_se_dice():
    with pytest.raises(ValueError, match="de cuatro en cuatro"):
        exportar.empacar({}, {"rara": exportar.Matriz((4, 6), (1.0,) * 24)})


def test_un_formato_desconocido_se_dice(tmp_path):
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    ruta = tmp_path / "raro.safetensors"
    save_file({"w": torch.zeros(2, dtype=torch.bfloat16)}, ruta)
    with pytest.raises(ValueError, match="raro.safetensors: w está en BF16"):
        exportar.leer_pesos(ruta)


def test_exportar_dos_veces_da_lo_mismo(tmp_path):
    antes = dict(exportar.guiones())
    exportar.guiones.cache_clear()
    exportar.empacado.cache_clear()
    assert exportar.guiones() == antes
    exportar.escribir(tmp_path)
    for nombre, texto in antes.items():
        assert (tmp_path / nombre).read_text(encoding="utf-8") == texto


def test_cabe_en_los_megabytes_prometidos():
    """Lo mismo por http que con `file://`: son guiones en los dos casos."""
    de_cada_panel = {
        nombre: sum(map(len, laboratorio.guiones_de(nombre, RAIZ).values()))
        for nombre in MIOS
    }
    pesos = sum(
        len(exportar.guiones()[t])
        for parte in ("base", "adaptador")
        for t in exportar.trozos_de(parte)
    )
    total = (sum(de_cada_panel.values()) + pesos) / 1e6
    assert 6 < total < min(MB_POR_HTTP, MB_DE_ARCHIVO)
    assert de_cada_panel["tokenizador"] < 100_000


# --- La página de prueba: los guiones de verdad, sin construir el sitio --------------


@pytest.fixture(scope="module")
def pagina_suelta(tmp_path_factory) -> Path:
    """Una página con los cuatro paneles, escritos por la extensión."""
    carpeta = tmp_path_factory.mktemp("laboratorio")
    estaticos = carpeta / "_static" / "laboratorio"
    shutil.copytree(RAIZ / laboratorio.GUIONES, estaticos)
    for nombre, texto in laboratorio.generados(RAIZ).items():
        (estaticos / nombre).write_text(texto, encoding="utf-8")
    paneles = []
    for nombre in MIOS:
        seccion = laboratorio.panel(nombre, RAIZ)
        paneles.append(f"<section><h3>{seccion[0].astext()}</h3>{seccion[-1].astext()}")
        paneles.append("</section>")
    (carpeta / "index.html").write_text(
        '<!doctype html><html lang="es"><meta charset="utf-8"><title>Prueba</title>'
        f'<link rel="icon" href="data:,">{"".join(paneles)}'
        '<script src="_static/laboratorio/base.js"></script></html>',
        encoding="utf-8",
    )
    return carpeta


@pytest.fixture(scope="module")
def navegador():
    with abrir_chromium() as sesion:
        yield sesion


@pytest.fixture
def pestana(navegador):
    """Una pestaña nueva."""
    nueva = navegador.new_page()
    yield nueva
    nueva.close()


@pytest.fixture(scope="module")
def abierta(navegador, pagina_suelta):
    """La página, con `file://`, y los cuatro paneles abiertos."""
    pagina = navegador.new_page()
    visto = escuchar(pagina, "file:")
    pagina.goto((pagina_suelta / "index.html").as_uri())
    for nombre in MIOS:
        abrir(pagina, nombre)
    yield pagina
    pagina.close()
    assert not visto["errores"] and not visto["rotas"] and not visto["fuera"]


def panel_de(pagina, nombre: str):
    return pagina.locator(f'[data-laboratorio="{nombre}"]')


def abrir(pagina, nombre: str):
    """Abre un panel y lo devuelve cuando ya está montado."""
    caja = panel_de(pagina, nombre)
    caja.locator("button.abrir-lab").click()
    caja.locator(".dentro-lab").wait_for(timeout=300_000)
    return caja


def esperar(nodo, condicion: str) -> None:
    """Espera a que un nodo, que puede cambiarse por otro, cumpla una condición."""
    for _ in range(600):
        if nodo.count() and nodo.evaluate(condicion):
            return
        nodo.page.wait_for_timeout(100)
    pytest.fail(f"No se cumplió {condicion}: {nodo.inner_text()}")


# --- Los mismos tokens --------------------------------------------------------------


# Separados por «¦».
RAROS = (
    "¦ ¦  ¦\n¦\t\n \r\n¦ñ¦e\u0301¦canción¦cancio\u0301n¦     largo     ¦ª º¦ﬁ¦Ǆ¦i\u0307"
    "¦👍🏽👨\u200d👩\u200d👧¦🇨🇴🇧🇷¦ẽ ỹ g\u0303 Mayma yvypóra¦日本語¦العربية¦—Y no…"
    "¦1234567890¦١٢٣ ½ Ⅷ ²¦\u00a0\u00a0a¦\u0085x¦\u200b\u200bx¦\ufeffx¦\u180e¦\u1680a"
    "¦\x1c\x1d a¦\x00\x01¦\u2028a\u2029¦x\u3000y¦'s 't 're don't¦cantáis cantaste á é"
    "¦<|fin|>¦a<|fin|> <|usuario|>b¦<|fin¦$%&/()=?¿"
).split("¦") + ["a" * 300, " " * 300, "\n" * 100]


def textos_de_prueba() -> list[str]:
    """Textos del curso en español y portugués, rarezas y mezclas al azar."""
    from taller import cargar_datos

    corpus = [f["texto"] for f in next(iter(cargar_datos("corpus_co").values()))]
    frases = [f for t in corpus[:120] for f in re.split(r"(?<=[.!?]) ", t)][:900]
    pares = []
    for nombre in ("portugues", "agramatical", "menos_usual", "espejo"):
        ruta = RAIZ / "taller/recursos/datos/variedades" / f"{nombre}.jsonl"
        for linea in ruta.read_text(encoding="utf-8").splitlines()[:300]:
            fila = json.loads(linea)
            pares += [v for v in fila.values() if isinstance(v, str) and " " in v][:2]
    raros = list(RAROS)
    azar = random.Random(3)
    letras = [*"aeiouáéíóúñ bcdst  .,\n\t01२ẽ\u0301👍\u00a0\ufeffªº'<|>", "aste", "éis"]
    for _ in range(700):
        raros.append("".join(azar.choices(letras, k=azar.randint(1, 40))))
    for _ in range(200):
        tramos = [(0, 0x2FF), (0x300, 0xD7FF), (0xE000, 0x2FFFF)]
        raros.append("".join(chr(azar.randint(*azar.choice(tramos))) for _ in range(9)))
    partidos = [unicodedata.normalize("NFD", f) for f in frases[:200]]
    return list(dict.fromkeys([*corpus[:60], *frases, *pares, *raros, *partidos]))


def test_los_mismos_tokens_que_la_biblioteca(abierta):
    from tokenizers import Tokenizer

    suyo = Tokenizer.from_file(str(SEMILLA / "tokenizer.json"))
    textos = textos_de_prueba()
    assert len(textos) >= 2000 and "" in textos
    esperados = [suyo.encode(t).ids for t in textos]
    dados = abierta.evaluate(
        "ts => ts.map((t) => LABORATORIO.tokenizador.codificar(t))", textos
    )
    distintos = [t for t, a, b in zip(textos, dados, esperados, strict=True) if a != b]
    assert not distintos, distintos[:5]
    # y de vuelta, también a media letra
    cortados = [ids[:5] for ids in esperados]
    vueltos = abierta.evaluate(
        "xs => xs.map((x) => LABORATORIO.tokenizador.decodificar(x))", cortados
    )
    assert vueltos == [suyo.decode(x, skip_special_tokens=False) for x in cortados]


def test_lo_que_alguien_escribe_no_son_especiales(abierta):
    """En los paneles del modelo, «<|fin|>» escrito en la caja es texto."""
    ids = abierta.evaluate(
        "LABORATORIO.tokenizador.codificar('a<|fin|>', { literal: true })"
    )
    assert 2 not in ids and len(ids) > 3


# --- El mismo texto -----------------------------------------------------------------


def comprobar_codiciosa(modelo, pedidos: list, dados: list) -> None:
    """Cada token de la página es el mayor en torch, dado lo anterior; salvo empate."""
    import torch

    empates = 0
    for pedido, nuevos in zip(pedidos, dados, strict=True):
        assert nuevos
        with torch.no_grad():
            z = modelo(input_ids=torch.tensor([pedido + nuevos])).logits[0]
        z = z[len(pedido) - 1 : -1]
        elegidos = z.gather(1, torch.tensor(nuevos)[:, None])[:, 0]
        assert (z.amax(dim=1) - elegidos < EMPATE).all(), (pedido, nuevos)
        empates += int((z.argmax(dim=1) != torch.tensor(nuevos)).sum())
    assert empates <= 2  # si fueran muchos, no serían empates


@pytest.fixture(scope="module")
def tokenizador():
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(SEMILLA)


@pytest.fixture(scope="module")
def modelos():
    """`semilla` en torch con los pesos de la página, sin el adaptador y con él."""
    from herramientas.medidas.laboratorio import modelo_de_la_pagina

    return {con: modelo_de_la_pagina(con) for con in (False, True)}


def comienzos(tokenizador, cuantos: int) -> list[list[int]]:
    from taller import cargar_datos

    corpus = [f["texto"] for f in next(iter(cargar_datos("corpus_co").values()))]
    textos = list(dict.fromkeys(" ".join(t.split()[:5]) for t in corpus))[:cuantos]
    assert len(textos) == cuantos
    return [tokenizador(t)["input_ids"] for t in textos]


def pedidos_de_trato(tokenizador, cuantos: int) -> list[list[int]]:
    from taller import cargar_datos
    from taller.conjuntos.tratamientos import instruccion

    filas = [
        f
        for f in cargar_datos("tratamientos")["validacion"]
        if f["de"] == "tú" and f["a"] in ("vos", "usted")
    ][:cuantos]
    charlas = [[{"role": "user", "content": instruccion(f)}] for f in filas]
    return [
        tokenizador.apply_chat_template(
            c, add_generation_prompt=True, return_dict=True
        )["input_ids"]
        for c in charlas
    ]


def test_el_mismo_texto_codicioso_que_torch(abierta, modelos, tokenizador):
    pedidos = comienzos(tokenizador, 50)
    dados = abierta.evaluate(GENERAR, [pedidos, False, 20])
    comprobar_codiciosa(modelos[False], pedidos, dados)


def test_el_mismo_texto_con_el_adaptador(abierta, modelos, tokenizador):
    pedidos = pedidos_de_trato(tokenizador, 24)
    dados = abierta.evaluate(GENERAR, [pedidos, True, 40])
    comprobar_codiciosa(modelos[True], pedidos, dados)
    assert sum(nuevos[-1] == 2 for nuevos in dados) > 20  # y se calla al terminar
    sin = abierta.evaluate(GENERAR, [pedidos[:8], False, 40])
    comprobar_codiciosa(modelos[False], pedidos[:8], sin)
    assert sin != dados[:8]


def test_los_puntajes_no_cambian_con_la_cache(abierta, modelos, tokenizador):
    import torch

    ids = tokenizador("La ley establece que el presidente de la República")["input_ids"]
    con, sin = abierta.evaluate(
        """async (ids) => {
            const leer = await LABORATORIO.semilla(["base"]);
            for (let n = 1; n <= ids.length; n++) {
                var con = await leer({ sesion: "a", ids: ids.slice(0, n) });
            }
            const sin = await leer({ sesion: "a", ids, cache: false });
            if (con.leidos !== 1 || sin.leidos !== ids.length) throw Error("leidos");
            return [Array.from(con.logits), Array.from(sin.logits)];
        }""",
        ids,
    )
    assert con == sin
    with torch.no_grad():
        suyos = modelos[False](input_ids=torch.tensor([ids])).logits[0, -1]
    torch.testing.assert_close(torch.tensor(con), suyos, atol=1e-3, rtol=1e-4)


def test_los_pesos_de_atencion_son_los_de_torch(abierta, modelos, tokenizador):
    import torch

    texto = tokenizador.bos_token + "Las casas del pueblo son blancas"
    ids = tokenizador(texto)["input_ids"]
    dados = abierta.evaluate(
        """async (ids) => {
            const leer = await LABORATORIO.semilla(["base"]);
            const { pesos } = await leer({ sesion: "b", ids, atencion: true });
            return Array.from(pesos);
        }""",
        ids,
    )
    modelo = modelos[False]
    modelo.set_attn_implementation("eager")
    with torch.no_grad():
        suyos = modelo(input_ids=torch.tensor([ids]), output_attentions=True)
    suyos = torch.cat(suyos.attentions)
    torch.testing.assert_close(
        torch.tensor(dados).reshape(suyos.shape), suyos, atol=1e-4, rtol=1e-3
    )


@pytest.mark.parametrize(
    "ajustes",
    [
        {"k": 5},
        {"p": 0.9},
        {"m": 0.1},
        {"temperatura": 1.5, "k": 40, "p": 0.8, "m": 0.02},
        {"temperatura": 0.3, "p": 0.05},
    ],
)
def test_los_filtros_son_los_de_generate(abierta, modelos, tokenizador, ajustes):
    import torch
    from transformers import (
        MinPLogitsWarper,
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    )

    ids = tokenizador("La ley establece que el presidente, en nombre de")["input_ids"]
    with torch.no_grad():
        filas = modelos[False](input_ids=torch.tensor([ids])).logits[0]
    z = TemperatureLogitsWarper(float(ajustes.get("temperatura", 1)))(None, filas)
    if "k" in ajustes:
        z = TopKLogitsWarper(ajustes["k"])(None, z)
    if "p" in ajustes:
        z = TopPLogitsWarper(ajustes["p"])(None, z)
    if "m" in ajustes:
        z = MinPLogitsWarper(ajustes["m"])(None, z)
    for fila, suya in zip(filas, z, strict=True):
        dado = abierta.evaluate(
            "([z, a]) => LABORATORIO.filtrar(Float32Array.from(z), a)",
            [fila.tolist(), ajustes],
        )
        p = suya.softmax(-1)
        assert set(dado["ids"]) == set(suya.isfinite().nonzero()[:, 0].tolist())
        torch.testing.assert_close(
            torch.tensor(dado["p"], dtype=p.dtype), p[dado["ids"]], atol=1e-5, rtol=1e-4
        )


def test_los_empates_de_top_k_entran_juntos(abierta):
    dado = abierta.evaluate(
        "LABORATORIO.filtrar(Float32Array.of(2, 1, 1, 0), { k: 2 }).ids"
    )
    assert dado == [0, 1, 2]


# --- La carga -----------------------------------------------------------------------


def test_por_http_pide_lo_que_dice_y_nada_antes(pestana, pagina_suelta):
    """Cerrado no pide nada; abierto, los megabytes de su botón y en un Worker."""
    with servir(pagina_suelta) as base:
        pagina = pestana
        visto = escuchar(pagina, base)
        pagina.goto(base + "index.html")
        assert visto["pedidas"] == ["/index.html", "/_static/laboratorio/base.js"]
        for nombre in ("tokenizador", "generacion"):
            visto["pedidas"].clear()
            boton = panel_de(pagina, nombre).locator("button.abrir-lab").inner_text()
            abrir(pagina, nombre)
            pedidas = [p for p in visto["pedidas"] if p.endswith(".js")]
            if nombre == "tokenizador":
                assert "/semilla.js" not in "".join(pedidas) and "KB" in boton
                continue
            # lo común con el panel ya abierto no se pide otra vez
            rutas = [pagina_suelta / p.lstrip("/") for p in pedidas]
            octetos = sum(ruta.stat().st_size for ruta in rutas)
            dichos = float(re.search(r"([\d,]+) MB", boton)[1].replace(",", "."))
            assert abs(octetos / 1e6 - dichos) < 0.15
            assert octetos / 1e6 < MB_POR_HTTP
            assert len(pagina.workers) == 1
        assert not visto["errores"] and not visto["fuera"] and not visto["rotas"]


def test_si_el_modelo_no_llega_se_dice_y_se_puede_repetir(pestana, pagina_suelta):
    with servir(pagina_suelta) as base:
        pagina = pestana
        pagina.goto(base + "index.html")
        pagina.route("**/base-3.js*", lambda ruta: ruta.abort())
        caja = panel_de(pagina, "generacion")
        caja.locator("button.abrir-lab").click()
        estado = caja.locator("[role=status]")
        estado.get_by_text("El modelo no llegó entero").wait_for()
        pagina.unroute("**/base-3.js*")
        abrir(pagina, "generacion")
        assert caja.locator(".lab-barra").count() == 12


def test_un_trozo_cortado_no_pasa_por_entero(pestana, pagina_suelta):
    entero = laboratorio.generados(RAIZ)["base-7.js"]
    corto = re.sub(r'(7, ")[^"]{400}', r"\1", entero)
    assert len(corto) == len(entero) - 400
    with servir(pagina_suelta) as base:
        pagina = pestana
        pagina.goto(base + "index.html")
        pagina.route(
            "**/base-7.js*",
            lambda ruta: ruta.fulfill(body=corto, content_type="text/javascript"),
        )
        caja = panel_de(pagina, "generacion")
        caja.locator("button.abrir-lab").click()
        caja.get_by_text("El modelo no llegó entero").wait_for()


def test_sin_worker_da_lo_mismo(abierta, pestana, pagina_suelta, tokenizador):
    pedidos = comienzos(tokenizador, 2)
    esperado = abierta.evaluate(GENERAR, [pedidos, False, 8])
    pestana.add_init_script("delete window.Worker")
    pestana.goto((pagina_suelta / "index.html").as_uri())
    abrir(pestana, "generacion")
    assert not pestana.workers
    assert pestana.evaluate(GENERAR, [pedidos, False, 8]) == esperado


# --- Los paneles --------------------------------------------------------------------


def test_el_tokenizador_dice_piezas_numeros_y_costos(abierta):
    caja = panel_de(abierta, "tokenizador")
    area = caja.get_by_label("Tu texto", exact=True)
    area.fill("El caballero miró a la señorita con tristeza.")
    caja.get_by_text("13 tokens, 8 palabras").wait_for()
    piezas = caja.locator(".lab-pieza .signos").all_inner_texts()
    assert piezas[:3] == ["El", "·caballer", "o"]
    assert caja.locator(".lab-pieza .numero").count() == 13
    caja.get_by_label("Recuentos publicados sobre", exact=True).select_option(
        "flores_quy"
    )
    fila = caja.locator("tr", has_text="Llama 3").inner_text().split("\t")
    textos = json.loads((RESULTADOS / "fertilidad.json").read_text("utf-8"))["textos"]
    quechua = textos["flores_quy"]
    esperada = quechua["tokens"]["llama3"] / quechua["palabras"]
    assert fila[1] == f"{esperada:.2f}".replace(".", ",")
    area.fill("cancio\u0301n")
    caja.get_by_text("En la forma NFC serían").wait_for()
    area.fill("")
    caja.get_by_text("un texto vacío no tiene tokens").wait_for()
    area.fill("a" * 3000)
    caja.get_by_text("Solo se cuentan los primeros 2000").wait_for()


def test_generar_paso_a_paso_seguir_y_parar(abierta):
    caja = panel_de(abierta, "generacion")
    caja.get_by_label("El comienzo", exact=True).fill("La ley establece que")
    caja.locator(".lab-escrito", has_text="La ley establece que").wait_for()
    temperatura = caja.get_by_label("Temperatura", exact=True)
    temperatura.fill("0")
    caja.get_by_text("Queda un candidato de 4096").wait_for()
    assert caja.locator(".lab-barra .cifra").all_inner_texts().count("fuera") == 11
    nuevo = caja.locator("mark.nuevo")
    caja.get_by_role("button", name="Un token").click()
    esperar(nuevo, "n => n.textContent.length > 0")
    seguir = caja.get_by_role("button", name="Seguir solo")
    seguir.click()
    parar = caja.get_by_role("button", name="Parar")
    esperar(nuevo, "n => n.textContent.length > 30")
    parar.click()
    caja.get_by_text("por segundo.").wait_for()
    largo = len(nuevo.inner_text())
    abierta.wait_for_timeout(300)
    assert len(nuevo.inner_text()) == largo
    temperatura.fill("1")
    quedan = caja.locator(".lab-resumen")
    caja.get_by_label("Top-k", exact=True).fill("3")
    caja.get_by_label("Top-p", exact=True).fill("1")
    esperar(quedan, "n => n.textContent.startsWith('Quedan 3 ')")
    caja.get_by_role("button", name="Borrar lo escrito").click()
    esperar(nuevo, "n => !n.textContent")
    # un comienzo que no cabe se dice
    caja.get_by_label("El comienzo", exact=True).fill("uno dos tres " * 120)
    caja.get_by_text("semilla lee hasta 256 tokens").wait_for()
    caja.get_by_label("El comienzo", exact=True).fill("En este capítulo")


def test_elegir_un_token_con_el_teclado(abierta):
    caja = panel_de(abierta, "generacion")
    caja.get_by_label("El comienzo", exact=True).fill("En este")
    caja.locator(".lab-escrito", has_text=re.compile("^En este$")).wait_for()
    barra = caja.locator(".lab-barra").nth(1)
    elegido = barra.locator(".signos").inner_text().replace("·", " ")
    barra.focus()
    abierta.keyboard.press("Enter")
    nuevo = caja.locator("mark.nuevo")
    esperar(nuevo, "n => n.textContent")
    assert nuevo.inner_text() == elegido.rstrip("⏎")
    # el foco no se pierde al pintar las barras otra vez
    assert abierta.evaluate("document.activeElement.className") == "lab-barra"


def test_la_atencion_se_lee_tambien_en_palabras(abierta):
    caja = panel_de(abierta, "atencion")
    caja.get_by_label("Tu oración", exact=True).fill("Los niños juegan")
    mapa = caja.locator(".lab-mapa tbody tr")
    esperar(mapa.nth(1).locator("th"), "n => n.textContent === 'Los'")
    caja.get_by_label("Capa", exact=True).select_option("0")
    caja.get_by_label("El token que mira", exact=True).select_option("1")
    caja.get_by_text("cabeza 1, el token 1 «Los» mira sobre todo").wait_for()
    for i in range(mapa.count()):
        fila = [int(c) for c in mapa.nth(i).locator("td").all_inner_texts() if c]
        assert len(fila) == i + 1  # la máscara causal
        assert abs(sum(fila) - 100) <= i + 1
    caja.get_by_role("button", name="Capa 2, cabeza 3").click()
    caja.get_by_text("En la capa 2, cabeza 3").wait_for()
    caja.get_by_label("Tu oración", exact=True).fill("una casa " * 40)
    caja.get_by_text("acórtala un poco").wait_for()


def test_de_tu_a_vos_con_y_sin_adaptador(abierta, modelos, tokenizador):
    caja = panel_de(abierta, "tratos")
    caja.get_by_label("Tu oración, de tú", exact=True).fill(
        "Cierra la puerta y avísame."
    )
    caja.get_by_role("button", name="Pasar").click()
    con = caja.locator(".lab-respuesta").nth(1)
    esperar(con, "n => n.querySelector('mark') && n.textContent.includes('puerta y')")
    assert con.inner_text().strip() == "Cerrá la puerta y avisame."
    assert caja.locator(".lab-respuesta").nth(0).inner_text().startswith("Cierra")
    qlora = json.loads((RESULTADOS / "qlora.json").read_text("utf-8"))
    prueba = qlora["repeticiones"][0]["prueba"]
    dicho = f"{100 * prueba['exacto']:.0f} % de {prueba['n']}"
    assert dicho in caja.locator(".lab-cuanto").inner_text()
    caja.get_by_label("Tu oración, de tú", exact=True).fill("   ")
    caja.get_by_role("button", name="Pasar").click()
    caja.get_by_text("Escribe una oración que trate de tú").wait_for()
    caja.get_by_label("Tu oración, de tú", exact=True).fill("cierra la puerta " * 60)
    caja.get_by_role("button", name="Pasar").click()
    caja.get_by_text("prueba con una más corta").wait_for()


def test_todo_control_tiene_rotulo(abierta):
    sin = abierta.evaluate(
        """() => [...document.querySelectorAll(
            ".dentro-lab :is(input, select, textarea)")]
            .filter((c) => !c.labels.length || !c.labels[0].textContent.trim())
            .map((c) => c.outerHTML)"""
    )
    assert not sin
    assert abierta.locator(".dentro-lab [role=status]").count() >= len(MIOS)


# --- Lo medido ----------------------------------------------------------------------


def test_lo_medido_es_de_estos_pesos():
    informe = json.loads((RESULTADOS / "laboratorio.json").read_text("utf-8"))
    assert informe["semilla_sha256"] == sello(SEMILLA / "model.safetensors")
    assert informe["adaptador_sha256"] == sello(ADAPTADOR / "adapter_model.safetensors")
    from herramientas.medidas.laboratorio import medir_pesos

    assert informe["pesos"] == medir_pesos()
    assert informe["velocidad"]["tokens_por_segundo"] > 0
    for cifra in informe["aciertos"].values():
        assert 0 <= cifra["bajo"] <= cifra["exacto"] <= cifra["alto"] <= 1
    assert informe["errores"]


# --- El mecanismo -------------------------------------------------------------------


def arbol(*titulos: str):
    """Una página con un apartado de segundo nivel por título."""
    raiz = nodos.section("", nodos.title("", "Lección"))
    for titulo in titulos:
        raiz += nodos.section("", nodos.title("", titulo), nodos.paragraph("", "x"))
    return raiz


class Aplicacion:
    srcdir = str(RAIZ)

    class env:
        docname = "notebooks/01_tokenizacion"


def test_el_panel_va_al_final_de_su_apartado():
    pagina = arbol("4. Antes", "5. El impuesto de los tokens · 11 min", "6. Después")
    laboratorio.poner_en_lecciones(Aplicacion, pagina)
    suyo = pagina[2][-1]
    assert suyo["ids"] == ["laboratorio-tokenizador"]
    assert len(pagina[1]) == 2 and len(pagina[3]) == 2


def test_si_el_apartado_cambia_de_nombre_se_dice():
    with pytest.raises(laboratorio.ExtensionError, match="El impuesto"):
        laboratorio.poner_en_lecciones(Aplicacion, arbol("1. Otra cosa"))


def test_si_falta_un_guion_se_dice(monkeypatch):
    falso = laboratorio.Explorador("t", "f", ("nada.js",), "x", "y", "z")
    monkeypatch.setitem(laboratorio.EXPLORADORES, "falso", falso)
    with pytest.raises(laboratorio.ExtensionError, match="falta nada.js"):
        laboratorio.panel("falso", RAIZ)


def test_sin_medir_se_dice(monkeypatch):
    de_verdad = laboratorio.leer
    monkeypatch.setattr(
        laboratorio,
        "leer",
        lambda raiz, n: None if n == "laboratorio" else de_verdad(raiz, n),
    )
    datos = laboratorio.datos_de_tratos(RAIZ)
    assert any("sin medir" in linea for linea in datos["lineas"])


# --- En el sitio de verdad ----------------------------------------------------------


@pytest.fixture(scope="module")
def sitio() -> Path:
    from herramientas import tareas

    tareas.construir(sys.executable)
    return RAIZ / "_build" / "html"


def revisar(pagina, guion: str) -> None:
    """Nombres, contraste y anchos de la página tal como está ahora."""
    visto = pagina.evaluate(guion)
    assert visto["desborde"] <= 0
    # el nombre de un <input> es su rótulo, que mira otra prueba
    assert not [h for h in visto["sin_nombre"] if not h.startswith("<input")]
    assert not visto["nombre_distinto"]
    assert not visto["flojos"], visto["flojos"][:8]
    assert len(visto["ids"]) == len(set(visto["ids"]))
    niveles = visto["encabezados"]
    assert all(b <= a + 1 for a, b in zip(niveles, niveles[1:], strict=False))


def test_en_el_sitio_se_abren_con_teclado_y_se_leen(pestana, sitio):
    """Los cuatro, con `file://`, a 1300 y 360 px, en claro y en oscuro."""
    guion = REVISION.read_text(encoding="utf-8")
    pagina = pestana
    visto = escuchar(pagina, "file:")
    pagina.goto((sitio / "book" / "laboratorio.html").as_uri())
    for nombre in MIOS:
        caja = panel_de(pagina, nombre)
        caja.locator("button.abrir-lab").focus()
        pagina.keyboard.press("Enter")
        caja.locator(".dentro-lab").wait_for(timeout=300_000)
        assert pagina.evaluate("document.activeElement.className") == "dentro-lab"
        pagina.keyboard.press("Tab")
        assert pagina.evaluate("document.activeElement.matches('input, textarea')")
    panel_de(pagina, "tratos").get_by_text("Marcado").first.wait_for()
    for ancho in (1300, 360):
        pagina.set_viewport_size({"width": ancho, "height": 850})
        for tema in ("light", "dark"):
            pagina.emulate_media(color_scheme=tema, reduced_motion="reduce")
            pagina.wait_for_function(
                "t => document.documentElement.dataset.theme === t", arg=tema
            )
            revisar(pagina, guion)
    assert not visto["errores"] and not visto["rotas"] and not visto["fuera"]


def test_cada_leccion_lleva_el_suyo_cerrado(pestana, sitio):
    with servir(sitio) as base:
        pagina = pestana
        visto = escuchar(pagina, base)
        for nombre in MIOS:
            uno = laboratorio.EXPLORADORES[nombre]
            visto["pedidas"].clear()
            pagina.goto(f"{base}{uno.leccion}.html")
            caja = panel_de(pagina, nombre)
            assert caja.locator("button.abrir-lab").count() == 1
            apartado = caja.locator("xpath=ancestor::section[2]/h2").inner_text()
            assert apartado.startswith(uno.apartado)
            del_laboratorio = [p for p in visto["pedidas"] if "/laboratorio/" in p]
            assert [Path(p).name for p in del_laboratorio] == ["base.js"]
            # sus cuadernos no lo saben: en Colab no hay nada crudo
            fuente = (RAIZ / f"{uno.leccion}.ipynb").read_text(encoding="utf-8")
            assert "data-laboratorio" not in fuente
        pagina.goto(base + "index.html")
        assert pagina.locator('article a[href$="laboratorio.html"]').count() >= 1
        assert not visto["errores"]
