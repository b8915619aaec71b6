"""Cuadernos con una falta, al menos uno por regla: (regla, cambio que la causa)."""

from minimo import celda, dice, md
from nbformat.v4 import new_output

from herramientas.cuadernos.salidas import CONTROL


def _fuente(identificador, texto):
    def cambio(c):
        celda(c, identificador).source = texto

    return cambio


def agregar(nueva, lugar=-1):
    return lambda c: c.cells.insert(lugar, nueva)


def _quitar(*identificadores):
    def cambio(c):
        c.cells = [x for x in c.cells if x.id not in identificadores]

    return cambio


def _marcas(identificador, *marcas):
    def cambio(c):
        celda(c, identificador).metadata["tags"] = list(marcas)

    return cambio


def _salidas(identificador, *salidas):
    def cambio(c):
        celda(c, identificador).outputs = list(salidas)

    return cambio


def _poner(funcion):
    return lambda c: funcion(c) and None


def _sin_prosa(c):
    c.cells = [x for x in c.cells if not x.id.startswith("01-prosa")]


def _portada(viejo, nuevo):
    def cambio(c):
        c.cells[0].source = c.cells[0].source.replace(viejo, nuevo)

    return cambio


ERROR = new_output("error", ename="ValueError", evalue="x", traceback=["ValueError: x"])
RESPUESTA = "<details><summary>Respuesta</summary>\n\nDos.\n\n</details>"
RUTA_AJENA = "/home/" + "ana/curso/datos.json"

# (regla, cambio que la incumple)
MALOS = [
    ("tamano", _sin_prosa),
    ("tamano", lambda c: c.cells.extend(md(f"01-mas-{i}", "x") for i in range(60))),
    ("portada", _portada("# 01 ·", "# Lección")),
    ("portada", _portada("# 01 ·", "# 02 ·")),
    ("portada", _portada("(semilla, dos núcleos)", "")),
    ("portada", lambda c: c.cells.pop(0)),
    ("minutos_de_estudio", _portada("30 min, con", "35 min, con")),
    ("minutos_de_estudio", _portada("**Estudio** 30 min, con ejercicios.", "")),
    ("suma_de_minutos", _portada("12 min", "13 min")),
    ("suma_de_minutos", _fuente("01-seccion-uno", "## 1. Primera")),
    ("numeros_de_seccion", _fuente("01-seccion-dos", "## 3. Segunda · 4 min")),
    ("numeros_de_seccion", _quitar("01-seccion-uno", "01-seccion-dos")),
    ("niveles_de_encabezado", _fuente("01-seccion-uno", "### 1. Primera · 8 min")),
    ("niveles_de_encabezado", agregar(md("01-otro", "# Otro título"))),
    ("cierre", _fuente("01-cierre", "## Qué aprendiste")),
    ("cierre", _fuente("01-cierre", "## Para seguir leyendo")),
    ("una_figura", _salidas("01-figura")),
    ("un_control", _marcas("01-figura")),
    ("algo_en_vivo", _marcas("01-en-vivo")),
    ("cantidad_de_prosa", _sin_prosa),
    ("cantidad_de_prosa", _fuente("01-prosa-1", "palabra " * 3000)),
    ("preguntas_con_respuesta", _fuente("01-prosa-0", "**Pregunta.** ¿Cuántos son?")),
    (
        "preguntas_con_respuesta",
        _fuente("01-seccion-dos", "## 2. Dos\n\n¿Cuántos son?"),
    ),
    ("preguntas_con_respuesta", _fuente("01-prosa-0", "Apuesta cuántos serán.")),
    ("preguntas_con_respuesta", _fuente("01-prosa-0", RESPUESTA)),
    (
        "preguntas_con_respuesta",
        _fuente("01-prosa-0", f"**Pregunta.** ¿Uno? **Pregunta.** ¿Dos? {RESPUESTA}"),
    ),
    ("sin_myst", _fuente("01-prosa-1", "```{note}\nHola\n```")),
    ("sin_myst", _fuente("01-prosa-1", "Mira {ref}`aqui`.")),
    ("imagenes_con_texto", _fuente("01-prosa-1", "![](../book/a.svg)")),
    ("imagenes_con_texto", _fuente("01-prosa-1", "![figura_de_la_leccion.png](a.png)")),
    ("imagenes_con_texto", _fuente("01-prosa-1", '<img src="a.png">')),
    ("enlaces_vivos", _fuente("01-prosa-1", "[nada](../book/no_existe.md)")),
    ("enlaces_vivos", _fuente("01-prosa-1", "[nada](/absoluto.md)")),
    ("modelo_del_perfil", _fuente("01-prosa-1", "El perfil `t4` usa SmolLM3-3B.")),
    (
        "modelo_del_perfil",
        _fuente("01-prosa-1", "### Si tienes una GPU\n\nHola.\n\nCorre con Otro-7B."),
    ),
    (
        "modelo_del_perfil",
        lambda c: celda(c, "01-figura").metadata.mystnb.image.update(
            alt="Barras con la memoria del modelo ligero, Qwen3-0.6B, y del principal."
        ),
    ),
    ("se_puede_leer", _fuente("01-en-vivo", "def f(:")),
    ("largo_de_celda", _fuente("01-en-vivo", "x = 1\n" * 26)),
    ("largo_de_celda", _fuente("01-en-vivo", "x = '" + "a" * 88 + "'")),
    ("largo_de_celda", _fuente("01-en-vivo", "  \n")),
    ("etiquetas_permitidas", _marcas("01-en-vivo", "en-vivo", "inventada")),
    ("etiquetas_permitidas", _marcas("01-en-vivo", "hide-input")),
    ("etiquetas_permitidas", _marcas("01-prosa-1", "en-vivo")),
    ("identificadores", lambda c: celda(c, "01-en-vivo").update(id="a1b2c3d4")),
    ("identificadores", lambda c: celda(c, "01-prosa-1").update(id="01-prosa-2")),
    ("identificadores", lambda c: celda(c, "01-prosa-1").update(id="02-prosa")),
    ("celda_de_instalacion", _marcas("01-instalar")),
    ("celda_de_instalacion", _marcas("01-en-vivo", "instalar")),
    ("celda_de_instalacion", _fuente("01-instalar", "%pip install taller")),
    ("corre_sola", _fuente("01-en-vivo", "open('../taller/x.json')")),
    ("corre_sola", _fuente("01-en-vivo", "open('notebooks/x.json')")),
    ("corre_sola", _fuente("01-en-vivo", "%run 00_bienvenida.ipynb\nx='00_b.ipynb'")),
    ("ejecutado", lambda c: celda(c, "01-en-vivo").update(execution_count=None)),
    ("ejecutado", lambda c: celda(c, "01-en-vivo").update(execution_count=9)),
    ("salidas_vigentes", _fuente("01-en-vivo", "print(3)")),
    ("salidas_vigentes", _marcas("01-en-vivo", "raises-exception")),
    ("salidas_vigentes", lambda c: c.metadata.pop("taller")),
    (
        "salidas_vigentes",
        lambda c: c.metadata.taller.huella.update({"recurso semilla/": "otra"}),
    ),
    ("sin_errores", _salidas("01-en-vivo", ERROR)),
    ("sin_errores", _marcas("01-en-vivo", "raises-exception")),
    ("salidas_limpias", lambda c: c.metadata.update(widgets={})),
    ("salidas_limpias", lambda c: c.cells[1].metadata.update(execution={"a": "b"})),
    ("salidas_limpias", _salidas("01-en-vivo", dice(RUTA_AJENA))),
    ("salidas_limpias", _salidas("01-en-vivo", dice("<f at 0x7f3a5c01d2e0>"))),
    ("salidas_limpias", _salidas("01-en-vivo", dice("a"), dice("b"))),
    (
        "salidas_limpias",
        _salidas("01-en-vivo", new_output("display_data", {CONTROL: {}})),
    ),
    ("figuras_con_texto", lambda c: celda(c, "01-figura").metadata.pop("mystnb")),
    (
        "figuras_con_texto",
        lambda c: celda(c, "01-figura").metadata.mystnb.image.update(alt="corta"),
    ),
    (
        "figuras_con_texto",
        lambda c: celda(c, "01-figura").metadata.mystnb.image.update(
            alt="../../_images/0123456789abcdef0123456789abcdef01234.png"
        ),
    ),
    ("sin_numeros_de_reloj", _salidas("01-en-vivo", dice("{'train_runtime': 3.2}"))),
    ("cantidad_de_ejercicios", _quitar("01-ejercicio-1")),
    ("parejas", _quitar("01-solucion-1")),
    ("parejas", _quitar("01-ejercicio-1")),
    ("parejas", _fuente("01-ejercicio-1", "suma_1 = 0")),
    ("parejas", _fuente("01-ejercicio-1", "comprobar('02-suma-1', 0)")),
    ("parejas", lambda c: c.cells.append(c.cells.pop(8))),
    (
        "soluciones_plegadas",
        lambda c: celda(c, "01-solucion-1").metadata.pop("cellView"),
    ),
    (
        "soluciones_plegadas",
        lambda c: celda(c, "01-solucion-1").metadata.pop("jupyter"),
    ),
    ("soluciones_plegadas", _marcas("01-solucion-1", "solucion")),
    ("soluciones_plegadas", _fuente("01-solucion-1", "comprobar('01-suma-1', 4)")),
    ("nombres_propios", _fuente("01-figura", "print(suma_1_resuelta)")),
    ("nombres_propios", _fuente("01-solucion-1", "# @title Solución\nsuma_1 = 4")),
    ("veredictos_guardados", _salidas("01-ejercicio-1", dice("✓ Correcto"))),
    ("veredictos_guardados", _salidas("01-solucion-1", dice("Todavía no"))),
    ("veredictos_guardados", _salidas("01-solucion-1")),
]

# El código que ninguna celda debe tener. Las claves y rutas se arman por partes.
CODIGO_MALO = [
    "from huggingface_hub import notebook_login",
    "!huggingface-cli login",
    "!hf auth login",
    "login(token='x')",
    "%%capture\nprint(1)",
    "warnings.filterwarnings('ignore')",
    "if False:\n    print(1)",
    "cargar(trust_remote_code=True)",
    "open('/home/" + "ana/x')",
    "open('~/x')",
    "open('/tmp/" + "x')",
    "clave = 'hf_" + "a" * 30 + "'",
    "nombre = input('¿Cómo te llamas?')",
    "print('listo \U0001f389')",
    "print('\u2705')",
]
MALOS += [("nada_prohibido", _fuente("01-en-vivo", texto)) for texto in CODIGO_MALO]
