"""Cada lección trae su esquema: legible, descrito y cierto."""

import json
import re
import sys
from html import unescape

import pytest
from navegador import abrir_chromium

from herramientas.archivos import RAIZ, RECURSOS, SEMILLA
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import de_codigo, etiquetas
from herramientas.esquemas.dibujar import FUNCIONES, dibujar
from herramientas.esquemas.trazos import Lienzo
from herramientas.medidas.celdas import Leccion
from taller.errores import ErrorDelTaller
from taller.esquemas import ESQUEMAS, Esquema, esquema

EN_UN_TELEFONO = 328  # píxeles que le quedan a un dibujo en una pantalla de 360
LETRA_MINIMA = 9  # píxeles
LECCIONES = {
    "00_bienvenida": "bucle",
    "pt/00_boas_vindas": "bucle_pt",
    "01_tokenizacion": "tokens",
    "02_corpus": "bandas",
    "03_transformer": "bloque",
    "04_generacion": "cache",
    "05_preentrenamiento": "preentrenar",
    "06_memoria": "paso",
    "07_cuantizacion": "nf4",
    "08_lora": "lora",
    "09_instrucciones": "turno",
    "10_qlora_sft": "qlora",
    "11_evaluacion": "pareada",
    "12_finanzas": "piloto",
    "13_compresion": "despliegue",
    "14_demo": "demo",
    "15_preferencias": "preferir",
    "16_escala": "escala",
    "tu_dominio": "carpeta",
    "antes_de_ajustar": "decidir",
    "antes_de_entrenar": "entrenar",
    "museo_de_errores": "museo",
}
NOMBRES = sorted(FUNCIONES)
TRATOS = ("tú", "vos", "usted")


def celdas_con_esquema(leccion: str) -> dict:
    """Por nombre de esquema, la celda de la lección que lo muestra."""
    cuaderno = cuadernos.leer(RAIZ / "notebooks" / f"{leccion}.ipynb")
    hallados = {}
    for celda in de_codigo(cuaderno):
        if pedido := re.search(r'^esquema\("([\w-]+)"\)$', celda.source, re.M):
            hallados[pedido[1]] = celda
    return hallados


def rotulos(nombre: str) -> list[str]:
    """Los textos de un esquema guardado, en orden."""
    svg = (ESQUEMAS / f"{nombre}.svg").read_text("utf-8")
    return [unescape(t) for t in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


# --- En las lecciones ---------------------------------------------------------------


@pytest.mark.parametrize("leccion", LECCIONES)
def test_la_leccion_muestra_su_esquema(leccion):
    hallados = celdas_con_esquema(leccion)
    celda = hallados.get(LECCIONES[leccion])
    assert celda is not None, f"la lección muestra {list(hallados)}"
    assert etiquetas(celda) == {"esquema"}, "va dada: sin en-vivo ni medida"


def test_ningun_esquema_sobra():
    assert {r.stem for r in ESQUEMAS.glob("*.svg")} == set(NOMBRES)
    assert set(LECCIONES.values()) <= set(NOMBRES)


def test_el_texto_alternativo_es_uno_solo():
    """El de la celda, el del SVG y lo que se lee donde no se dibuja son el mismo."""
    for ruta in cuadernos.rutas() + cuadernos.traducciones():
        leccion = ruta.relative_to(RAIZ / "notebooks").with_suffix("").as_posix()
        for nombre, celda in celdas_con_esquema(leccion).items():
            alt = celda.metadata["mystnb"]["image"]["alt"]
            assert alt == esquema(nombre).texto == repr(esquema(nombre)), nombre
            assert len(alt) > 150 and celda.metadata["tags"] == ["esquema"], nombre


def test_los_estudios_no_ven_los_esquemas():
    """Añadir un dibujo a una lección no invalida lo medido con sus celdas."""
    codigo = dict(Leccion("10_qlora_sft", hasta="despues").celdas())
    assert "10-peft" in codigo and "10-esquema" not in codigo


def test_un_nombre_que_no_existe():
    with pytest.raises(ErrorDelTaller, match="No hay un esquema «nada»") as fallo:
        esquema("nada")
    assert "bucle" in str(fallo.value)


def test_se_ve_en_jupyter_y_se_lee_en_una_terminal():
    from IPython.core.formatters import DisplayFormatter

    datos, _ = DisplayFormatter().format(esquema("bucle"))
    assert set(datos) == {"image/svg+xml", "text/plain"}
    assert datos["image/svg+xml"].startswith("<svg ")
    assert datos["text/plain"].startswith("De arriba abajo: una tira")
    assert isinstance(esquema("lora"), Esquema) and esquema("lora").titulo


# --- El dibujo ----------------------------------------------------------------------


@pytest.mark.parametrize("nombre", NOMBRES)
def test_lo_guardado_es_lo_que_se_dibuja(nombre):
    guardado = (ESQUEMAS / f"{nombre}.svg").read_text("utf-8")
    assert guardado == dibujar(nombre).svg(), "python -m herramientas.esquemas.dibujar"


@pytest.mark.parametrize("nombre", NOMBRES)
def test_se_lee_en_un_telefono(nombre):
    svg = (ESQUEMAS / f"{nombre}.svg").read_text("utf-8")
    ancho = float(re.search(r'viewBox="0 0 ([\d.]+) ', svg)[1])
    letras = [float(x) for x in re.findall(r'font-size="([\d.]+)"', svg)]
    assert letras and min(letras) * EN_UN_TELEFONO / ancho >= LETRA_MINIMA


def test_el_sitio_sabe_de_que_tamano_es_su_letra():
    sys.path.insert(0, str(RAIZ / "book" / "_ext"))
    paginas = pytest.importorskip("paginas")
    for nombre in NOMBRES:
        ruta = ESQUEMAS / f"{nombre}.svg"
        entera, letra = paginas.medidas_de(ruta)[0], paginas.letra_menor(ruta)
        assert 14 < letra < 17, nombre
        # A lo ancho de un teléfono ya se lee: no hace falta desplazarlo.
        assert entera * paginas.LETRA / letra < EN_UN_TELEFONO, nombre


def _lienzo() -> Lienzo:
    return Lienzo("prueba", "Prueba", "Un dibujo de prueba.", 100)


def test_un_dibujo_bueno_pasa():
    d = _lienzo()
    caja = d.caja(10, 10, 120, 30, "modelo")
    d.flecha(caja.abajo, (70, 90))
    assert d.revisar() == []
    assert "textLength" in d.svg()


@pytest.mark.parametrize(
    ("falta", "estropea"),
    [
        ("se sale por la derecha", lambda d: d.caja(10, 10, 40, 30, "una palabra")),
        ("se sale por la derecha", lambda d: d.escribir(340, 50, "afuera del dibujo")),
        ("se sale por abajo", lambda d: d.escribir(100, 99, "al borde")),
        ("se pisan", lambda d: [d.escribir(x, 50, "encima") for x in (100, 110)]),
        (
            "una línea cruza",
            lambda d: [d.escribir(100, 50, "texto"), d.flecha((20, 50), (200, 52))],
        ),
    ],
)
def test_un_dibujo_malo_no_se_guarda(falta, estropea):
    d = _lienzo()
    estropea(d)
    with pytest.raises(ValueError, match=f"«prueba».*{falta}"):
        d.svg()


MIRAR = """() => {
    const caja = document.querySelector('svg').viewBox.baseVal;
    const textos = [...document.querySelectorAll('text')].map(t => ({
        dice: t.textContent, pide: t.textLength.baseVal.value, es: t.getBBox()}));
    const faltas = [];
    textos.forEach((a, i) => {
        if (Math.abs(a.es.width - a.pide) > 1.5) faltas.push(`«${a.dice}» no mide`);
        if (a.es.x < 0 || a.es.x + a.es.width > caja.width) faltas.push(a.dice);
        textos.slice(i + 1).forEach(b => {
            const x = Math.min(a.es.x + a.es.width, b.es.x + b.es.width)
                - Math.max(a.es.x, b.es.x);
            const y = Math.min(a.es.y + a.es.height, b.es.y + b.es.height)
                - Math.max(a.es.y, b.es.y);
            if (x > 1 && y > 3) faltas.push(`«${a.dice}» pisa «${b.dice}»`);
        });
    });
    return [textos.length, faltas];
}"""


@pytest.mark.timeout(180)
def test_en_un_navegador_ningun_texto_pisa_a_otro():
    """Con las letras que haya de verdad en este equipo."""
    with abrir_chromium() as navegador:
        pestana = navegador.new_page()
        for nombre in NOMBRES:
            pestana.set_content((ESQUEMAS / f"{nombre}.svg").read_text("utf-8"))
            cuantos, faltas = pestana.evaluate(MIRAR)
            assert cuantos > 5 and not faltas, f"{nombre}: {faltas}"


# --- Lo que dicen es cierto ---------------------------------------------------------


@pytest.fixture(scope="module")
def tokenizador():
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(SEMILLA)


@pytest.fixture(scope="module")
def config() -> dict:
    return json.loads((SEMILLA / "config.json").read_text("utf-8"))


def piezas_de(tokenizador, texto: str) -> tuple[list[str], list[str]]:
    """Las piezas, con el punto medio por espacio, y sus números, como texto."""
    ids = tokenizador(texto, add_special_tokens=False)["input_ids"]
    return [tokenizador.decode([i]).replace(" ", "·") for i in ids], list(map(str, ids))


def contiene(todos: list[str], tramo: list[str]) -> bool:
    """¿Está el tramo, seguido, en la lista?"""
    return any(todos[i : i + len(tramo)] == tramo for i in range(len(todos)))


@pytest.mark.parametrize("nombre", ["bucle", "bucle_pt"])
def test_bucle_dice_lo_que_calcula_semilla(tokenizador, nombre):
    import torch
    from transformers import AutoModelForCausalLM

    piezas, ids = piezas_de(tokenizador, "La puerta de la")
    dicho = rotulos(nombre)
    assert contiene(dicho, piezas) and contiene(dicho, ids)
    modelo = AutoModelForCausalLM.from_pretrained(SEMILLA, dtype=torch.float32)
    entrada = tokenizador("La puerta de la", return_tensors="pt")
    with torch.no_grad():
        p, quienes = modelo(**entrada).logits[0, -1].softmax(-1).topk(3)
    for valor, quien in zip(p.tolist(), quienes.tolist(), strict=True):
        pieza = tokenizador.decode([quien]).replace(" ", "·")
        assert contiene(dicho, [pieza, f"{valor:.2f}".replace(".", ",")])
    assert f"{1 - p.sum():.2f}".replace(".", ",") in dicho
    assert str(quienes[0].item()) in dicho


def test_tokens_dice_los_bytes_y_las_piezas(tokenizador):
    piezas, ids = piezas_de(tokenizador, "La mañana")
    dicho = rotulos("tokens")
    assert [x for x in dicho if x in piezas][-len(piezas) :] == piezas
    assert [x for x in dicho if x in ids] == ids
    octetos = [str(b) for b in "La mañana".encode()]
    assert [x for x in dicho if x.isdigit()][: len(octetos)] == octetos
    assert f"su lugar en la lista de {len(tokenizador)}" in dicho


def test_turno_dice_la_mascara_y_las_etiquetas(tokenizador):
    charla = [
        {"role": "user", "content": "Pasa a vos: Cantas bien."},
        {"role": "assistant", "content": "Cantás bien."},
    ]
    tira = tokenizador.apply_chat_template(
        charla, return_dict=True, return_assistant_tokens_mask=True
    )
    debe = []
    for ident, cuenta in zip(tira["input_ids"], tira["assistant_masks"], strict=True):
        pieza = tokenizador.decode([ident]).replace(" ", "·")
        debe.append((pieza, str(cuenta), str(ident) if cuenta else "−100"))
    dicho = rotulos("turno")
    hallado = [tuple(dicho[i : i + 3]) for i in range(len(dicho) - 2)]
    vistos = [trio for trio in hallado if trio[1] in "01" and trio in set(debe)]
    assert vistos == debe


def test_las_piezas_de_las_otras_lecciones(tokenizador):
    inicio = tokenizador.bos_token
    piezas, _ = piezas_de(tokenizador, f"{inicio}El café se enfrió.")
    assert contiene(rotulos("preentrenar"), piezas[:6])
    assert piezas[6] in rotulos("preentrenar"), "lo último que debe predecir la fila"
    piezas, _ = piezas_de(tokenizador, "En este capítulo")
    assert contiene([x for x in rotulos("cache") if x in piezas], piezas)
    piezas, _ = piezas_de(tokenizador, "Las casas del pueblo")
    assert [x for x in rotulos("bloque") if x in piezas][::2] == piezas[:4]


def test_las_formas_son_las_de_semilla(config):
    d, m = config["hidden_size"], config["intermediate_size"]
    r = json.loads((RECURSOS / "adaptador/adapter_config.json").read_text("utf-8"))["r"]
    dicho = " | ".join(rotulos("lora"))
    for forma in (f"{m} × {d}", f"A: {r} × {d}", f"{m} × {r}", f"x: {d} números"):
        assert forma in dicho
    for cuantos in (m * d, r * (m + d)):
        assert f"{cuantos:,}".replace(",", " ") in dicho
    dicho = " | ".join(rotulos("bloque"))
    assert f"x: (n, {d})" in dicho and f"son {config['num_hidden_layers']}" in dicho
    h, hk = config["num_attention_heads"], config["num_key_value_heads"]
    assert f"{h} de consulta, {hk} de clave" in dicho
    assert f"Ancho {config['head_dim']}" in dicho
    assert {f"q{i}" for i in range(h)} | {f"k{i}, v{i}" for i in range(hk)} <= set(
        rotulos("bloque")
    )
    assert f"fila 1: {config['max_position_embeddings']} + 1" in rotulos("preentrenar")


def test_nf4_dice_los_codigos_de_la_biblioteca():
    bnb = pytest.importorskip("bitsandbytes.functional")
    torch = pytest.importorskip("torch")
    dicho = rotulos("nf4")
    numeros = [x for x in dicho if re.fullmatch(r"−?0,0\d\d", x)]
    pesos = torch.tensor(
        [float(x.replace("−", "-").replace(",", ".")) for x in numeros]
    )
    tabla = bnb.get_4bit_type("nf4", device="cpu")
    codigos = ((pesos / pesos.abs().max())[:, None] - tabla).abs().argmin(1)
    uno, otro = codigos[:2].tolist()
    assert contiene(dicho, [str(uno), f"{uno:04b}", str(otro), f"{otro:04b}"])
    assert f"un octeto: {uno * 16 + otro}" in dicho
    assert any(
        f"{4 + 8 / 64 + 32 / (64 * 256):.3f}".replace(".", ",") in x for x in dicho
    )
    assert any("32/64 = 4,5" in x for x in dicho) and 4 + 32 / 64 == 4.5


def test_entrenar_dice_las_cuatro_lineas_de_la_leccion():
    """En el orden de la vuelta, y cada una está en el bucle que se escribe."""
    cuaderno = cuadernos.leer(RAIZ / "notebooks" / "antes_de_entrenar.ipynb")
    (bucle,) = (c.source for c in cuaderno.cells if c.id == "entrenar-cuatro")
    lineas = ["zero_grad()", "L = ", "L.backward()", "optimizador.step()"]
    lugares = [bucle.index(linea) for linea in lineas]
    assert lugares == sorted(lugares)
    dicho = " | ".join(rotulos("entrenar"))
    assert all(linea in dicho for linea in lineas)


def test_pareada_hace_bien_la_cuenta():
    from scipy.stats import binomtest

    dicho = rotulos("pareada")
    filas = [x for x in dicho if x in ("sí", "no")]
    uno, otro = filas[:12], filas[12:]
    b = sum(a == "sí" and c == "no" for a, c in zip(uno, otro, strict=True))
    c = sum(a == "no" and c == "sí" for a, c in zip(uno, otro, strict=True))
    assert dicho.count("b") == b == 3 and dicho.count("c") == c == 1
    p = f"{binomtest(b, b + c).pvalue:.3f}"
    assert p == "0.625" and any("= 0,63:" in x for x in dicho)


def test_tu_dominio_nombra_lo_barato_que_mide():
    celdas = dict(Leccion("tu_dominio").celdas())
    maneras = re.findall(r'^    "([^"]+)": ', celdas["dominio-barato"], re.M)
    dicho = " ".join(rotulos("carpeta")).replace(",", "").split()
    assert len(maneras) == 3 and set(maneras) <= set(dicho)
    orden = list(celdas)
    assert orden.index("dominio-tabla") < orden.index("dominio-prueba")
    assert orden.index("dominio-olvido") < orden.index("dominio-llenar")


def test_despliegue_dice_los_bits_y_las_averias_de_la_leccion():
    """Los octetos de un bloque de 32 pesos, y lo que la lección rompe de verdad."""
    gguf = pytest.importorskip("gguf")
    dicho = rotulos("despliegue")
    for nombre, dice in (("F16", "16"), ("Q8_0", "8,5"), ("Q4_0", "4,5")):
        pesos, octetos = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[nombre]]
        assert f"{8 * octetos / pesos:g}".replace(".", ",") == dice
        assert contiene(dicho, [nombre, f"{dice} bits"])
    prosa = (RAIZ / "notebooks" / "13_compresion.ipynb").read_text("utf-8")
    for averia in ("sin reordenar", "pretokenización", "sin plantilla", "redondeada"):
        assert averia in prosa
    assert sum("sin aviso" in x for x in dicho) == 3
    assert [x for x in dicho if x in "12345"] == [*"12345", *"12345"]


def test_decidir_lleva_las_maneras_que_la_leccion_mide():
    celdas = dict(Leccion("antes_de_ajustar").celdas())
    dicho = " ".join(rotulos("decidir"))
    for manera, dice in {
        "instrucciones": "instrucciones",
        "ejemplos": "ejemplos",
        "texto": "recuperación",
        "reglas": "reglas",
        "ajuste": "ajuste fino",
    }.items():
        assert f'"{manera}": (' in celdas["antes-tabla"] and dice in dicho
    assert rotulos("decidir").count("sí") == rotulos("decidir").count("no") == 4


def test_escala_parte_lo_que_parte_la_cuenta():
    espacio = {}
    exec(dict(Leccion("16_escala").celdas())["16-cuenta"], espacio)
    una, dos = (espacio["por_tarjeta"]("LoRA", p, 512) for p in (1, 2))
    partidas = {parte for parte in una if dos[parte] < una[parte]}
    assert partidas == {"pesos", "gradientes y Adam"}
    dicho = rotulos("escala")
    for parte in ("pesos", "gradientes", "Adam"):
        assert dicho.count(parte) == dicho.count(f"{parte} ½") == 2
    assert dicho.count("activaciones") == 4


# --- Las figuras calculadas, con la misma coma --------------------------------------


def test_los_ejes_escriben_la_coma_decimal():
    plt = pytest.importorskip("matplotlib.pyplot")
    from taller.figuras import vestir

    vestir()
    figura, (uno, otro) = plt.subplots(1, 2)
    uno.plot([0, 1], [0, -0.5])
    otro.plot([1, 1000], [0.001, 0.002])
    otro.set_xscale("log")
    figura.canvas.draw()
    ejes = (uno.xaxis, uno.yaxis, otro.yaxis)
    dichos = [t.get_text() for eje in ejes for t in eje.get_ticklabels()]
    plt.close(figura)
    assert "0,5" in dichos and not any("." in t for t in dichos), dichos


def test_preferir_dice_las_formas_y_las_ventajas():
    """Lo preferido es vos y lo rechazado no; las ventajas, las que calcula torch."""
    torch = pytest.importorskip("torch")
    from taller import conjugar

    dicho = rotulos("preferir")
    formas = {t: f"{conjugar('cantar', t, 'presente').capitalize()}." for t in TRATOS}
    assert contiene(dicho, ["preferida:", formas["vos"], "rechazada:", formas["usted"]])
    premios = torch.tensor([float(x) for x in dicho if x in ("0", "1")])
    respuestas = [x for x in dicho if x in formas.values()][2:]
    assert premios.tolist() == [x == formas["vos"] for x in respuestas]
    ventajas = (premios - premios.mean()) / (premios.std() + 1e-4)
    textos = [f"{v:.2f}".replace(".", ",").replace("-", "−") for v in ventajas.tolist()]
    assert [x for x in dicho if re.fullmatch(r"−?0,\d\d", x)] == textos
    sube = [x == "sube" for x in dicho if x in ("sube", "baja")]
    assert sube == (ventajas > 0).tolist()
