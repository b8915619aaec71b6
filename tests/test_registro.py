"""Lo que cada quien se lleva: el registro, la página de resumen y el acta."""

import json
import sys
import threading
import time
from importlib import import_module

import pytest

from herramientas.archivos import RAIZ
from herramientas.cuadernos.indices import prefijo
from herramientas.sala import acta
from taller import ejercicios, registro, resumen
from taller.ejercicios import limite
from taller.errores import ErrorDelTaller


def _en_cuaderno(monkeypatch, celda="comprobar(…)"):
    monkeypatch.setattr(registro, "_celda_actual", lambda: celda)
    monkeypatch.delenv("TALLER_ESTATICO", raising=False)


@pytest.fixture
def aqui(tmp_path, monkeypatch):
    """Una carpeta vacía, dentro de un cuaderno que ejecuta una persona."""
    monkeypatch.chdir(tmp_path)
    _en_cuaderno(monkeypatch)
    monkeypatch.setattr(
        ejercicios, "REGISTRO", {f"00-{n}": _cuatro for n in ("temperatura", "otra")}
    )
    return tmp_path


def _cuatro(respuesta):
    return None if respuesta == 4 else "suma otra vez."


# --- El registro --------------------------------------------------------------------


def test_conoce_los_ejercicios_sin_importarlos():
    de_cada_una = registro.ejercicios()
    lecciones = {prefijo(ruta.stem) for ruta in (RAIZ / "notebooks").glob("*.ipynb")}
    assert set(de_cada_una) == lecciones
    assert all(n.startswith(k) for k, lista in de_cada_una.items() for n in lista)
    assert "00-temperatura" in de_cada_una["00"]


def test_comprobar_anota_y_dice_cuanto_va(aqui, capsys):
    ejercicios.comprobar("00-temperatura", 3)
    ejercicios.comprobar("00-temperatura", 4)
    intentos = registro.leer(aqui)
    assert [(i["ejercicio"], i["bien"]) for i in intentos] == [
        ("00-temperatura", False),
        ("00-temperatura", True),
    ]
    dicho = capsys.readouterr().out.splitlines()
    assert dicho[0].startswith("Todavía no") and dicho[1].startswith("✓ Correcto")
    total = len(registro.ejercicios()["00"])
    assert dicho[2:] == [f"Llevas 1 de {total} en la lección 00."]


def test_al_terminar_una_leccion_lo_dice(aqui):
    todos = registro.ejercicios()["00"]
    dicho = [registro.anotar(nombre, True) for nombre in todos]
    assert dicho[-1].endswith("Terminaste sus ejercicios.")
    assert "Terminaste" not in dicho[0]


@pytest.mark.parametrize("celda", [None, "# @title Solución\ncomprobar(…)"])
def test_ni_la_solucion_ni_un_programa_cuentan(aqui, monkeypatch, celda):
    monkeypatch.setattr(registro, "_celda_actual", lambda: celda)
    assert registro.anotar("00-temperatura", True) == ""
    assert list(aqui.iterdir()) == []


def test_al_guardar_las_salidas_no_se_anota(aqui, monkeypatch, capsys):
    monkeypatch.setenv("TALLER_ESTATICO", "1")
    ejercicios.comprobar("00-temperatura", 4)
    assert capsys.readouterr().out == "✓ Correcto (00-temperatura).\n"
    assert list(aqui.iterdir()) == []


def test_una_carpeta_de_solo_lectura_no_estorba(aqui, capsys):
    (aqui / registro.ARCHIVO).mkdir()
    ejercicios.comprobar("00-temperatura", 4)
    assert capsys.readouterr().out == "✓ Correcto (00-temperatura).\n"


def test_una_linea_danada_se_salta(aqui):
    registro.anotar("00-temperatura", True)
    with open(aqui / registro.ARCHIVO, "a", encoding="utf-8") as archivo:
        archivo.write('{"ejerc\n[]\n{"ejercicio": 3}\n\n')
    assert len(registro.leer(aqui)) == 1


def test_reconoce_la_celda_de_un_cuaderno(tmp_path, monkeypatch):
    """En un núcleo de verdad, el archivo queda junto al cuaderno."""
    from minimo import codigo, cuaderno_bueno

    from herramientas.cuadernos import nucleo

    cuaderno = cuaderno_bueno()
    cuaderno.cells = [
        codigo(
            "a",
            "import os\nos.environ.pop('TALLER_ESTATICO')\n"
            "from taller import ejercicios\n"
            "ejercicios.REGISTRO['00-temperatura'] = lambda r: None\n"
            "ejercicios.comprobar('00-temperatura', 4)",
        ),
        codigo("b", "# @title Solución\nejercicios.comprobar('00-temperatura', 4)"),
    ]
    nucleo.ejecutar(cuaderno, tmp_path)
    assert len(registro.leer(tmp_path)) == 1


# --- Un bucle sin fin ---------------------------------------------------------------


def _sin_fin():
    vueltas = 0
    while vueltas < 1:
        vueltas += 0


def _se_la_traga():
    hasta = time.monotonic() + 3
    while time.monotonic() < hasta:
        try:
            while True:
                pass
        except BaseException:  # noqa: B036
            continue


def test_un_bucle_sin_fin_se_corta_y_se_explica(monkeypatch, capsys):
    monkeypatch.setattr(limite, "SEGUNDOS", 0.5)
    monkeypatch.setattr(ejercicios, "REGISTRO", {"00-x": lambda f: f()})
    inicio = time.monotonic()
    ejercicios.comprobar("00-x", _sin_fin)
    assert time.monotonic() - inicio < 30
    dicho = capsys.readouterr().out
    assert dicho.startswith("Todavía no (00-x): tu código se detuvo en «")
    assert "sin terminar" in dicho and "cuadrado" in dicho
    assert "vueltas" in dicho, "no dice en qué línea estaba"


def test_un_except_no_se_traga_el_corte():
    inicio = time.monotonic()
    with pytest.raises(limite.Demora):
        limite.con_limite(_con_except, segundos=0.3)
    assert time.monotonic() - inicio < 30


def _con_except():
    while True:
        try:
            while True:
                pass
        except Exception:
            continue


def test_lo_que_termina_no_se_corta_despues():
    assert limite.con_limite(lambda a, b: a + b, 1, 2, segundos=0.2) == 3
    hasta = time.monotonic() + 0.6
    while time.monotonic() < hasta:
        pass
    with pytest.raises(ZeroDivisionError):
        limite.con_limite(lambda: 1 / 0, segundos=0.2)


def test_lo_que_acaba_justo_en_el_limite_no_se_corta_fuera(monkeypatch):
    """Acaba mientras se decide cortarlo, y la decisión llega tarde."""
    decidiendo, fuera = threading.Event(), threading.Event()

    def importa(hilo):
        decidiendo.set()
        fuera.wait(10)
        return False

    monkeypatch.setattr(limite, "_importa", importa)
    antes = set(threading.enumerate())
    try:
        assert limite.con_limite(decidiendo.wait, 10, segundos=0.01) is True
        fuera.set()
        for hilo in set(threading.enumerate()) - antes:
            hilo.join(10)
        hasta = time.monotonic() + 0.2
        while time.monotonic() < hasta:
            pass
    except limite.Demora:
        pytest.fail("cortó lo que ya había terminado")


def test_un_corte_pendiente_no_sale_despues(monkeypatch):
    """Acaba entre el corte y el momento en que Python lo entrega."""
    lanzar, lanzados = limite._lanzar, []

    def espia(hilo, error):
        lanzados.append(error)
        lanzar(hilo, error)

    monkeypatch.setattr(limite, "_lanzar", espia)
    assert limite.con_limite(lambda: 3) == 3
    assert lanzados == [None]


LENTA = """\
import time
hasta = time.monotonic() + 1.2
while time.monotonic() < hasta:
    pass
entera = True
"""


def test_cargar_una_biblioteca_no_se_corta_a_medias(tmp_path, monkeypatch):
    """Con la sala ocupada, torch tarda más que el límite; a medias ya no se repara."""
    (tmp_path / "biblioteca_lenta.py").write_text(LENTA, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    def importa():
        biblioteca_lenta = import_module("biblioteca_lenta")

        return biblioteca_lenta.entera

    def importa_y_no_acaba():
        importa()
        while True:
            pass

    assert limite.con_limite(importa, segundos=0.3) is True
    monkeypatch.delitem(sys.modules, "biblioteca_lenta")
    with pytest.raises(limite.Demora):
        limite.con_limite(importa_y_no_acaba, segundos=0.3)
    assert sys.modules["biblioteca_lenta"].entera is True


# --- El resumen ---------------------------------------------------------------------


INTENTOS = [
    {"ejercicio": "00-temperatura", "bien": False, "cuando": "2026-01-01T10:00"},
    {"ejercicio": "00-temperatura", "bien": True, "cuando": "2026-01-01T10:05"},
    {"ejercicio": "00-temperatura", "bien": False, "cuando": "2026-01-01T10:06"},
    {"ejercicio": "01-fertilidad", "bien": False, "cuando": "2026-01-01T10:07"},
]


def test_los_intentos_se_cuentan_hasta_acertar():
    assert resumen.contar(INTENTOS) == {
        "00-temperatura": {"intentos": 2, "resuelto": "2026-01-01T10:05"},
        "01-fertilidad": {"intentos": 1, "resuelto": None},
    }


@pytest.mark.parametrize(
    ("nombre", "corto"),
    [("Ana Pérez", "ana-perez"), ("Ñandú_7", "nandu-7"), ("../../x", "x")],
)
def test_el_nombre_del_archivo(nombre, corto):
    assert resumen.clave(nombre) == corto


def test_sin_nombre_lo_pide(capsys):
    assert resumen.principal([]) == 1
    assert "%run -m taller.resumen Ana" in capsys.readouterr().out


def _entregar(carpeta, nombre, intentos=INTENTOS):
    carpeta.mkdir(parents=True, exist_ok=True)
    lineas = [json.dumps(i) for i in intentos]
    (carpeta / registro.ARCHIVO).write_text("\n".join(lineas), encoding="utf-8")
    return resumen.escribir(nombre, carpeta)


def test_escribe_una_pagina_y_una_entrega(tmp_path):
    pagina, archivo = _entregar(tmp_path, "Ana Pérez")
    texto = pagina.read_text("utf-8")
    assert "# Lo que resolvió Ana Pérez" in texto
    assert "| 00 | 1 de 2 |" in texto and "| 01 | 0 de 4 |" in texto
    assert "| 02 |" not in texto and len(texto.splitlines()) < 40
    datos = json.loads(archivo.read_text("utf-8"))
    assert datos["ejercicios"] == resumen.contar(INTENTOS)
    assert archivo.name == "entrega-ana-perez.json"


def test_de_una_sola_leccion_el_nombre_la_lleva(tmp_path):
    """En Colab cada lección tiene su carpeta, y se descargan a la misma."""
    nombres = [ruta.name for ruta in _entregar(tmp_path, "Ana", INTENTOS[:1])]
    assert nombres == ["resumen-ana-00.md", "entrega-ana-00.json"]


def test_sin_intentos_tambien_hay_pagina(tmp_path):
    pagina, _ = resumen.escribir("Ana", tmp_path)
    assert "ninguna todavía" in pagina.read_text("utf-8")


def test_donde_no_se_puede_escribir_lo_dice(tmp_path):
    with pytest.raises(ErrorDelTaller, match="carpeta tuya"):
        resumen.escribir("Ana", tmp_path / "no" / "existe")


# --- El acta ------------------------------------------------------------------------


def test_el_acta_junta_la_clase(tmp_path, capsys):
    _entregar(tmp_path / "a", "Ana")
    _entregar(tmp_path / "b", "Beto", INTENTOS[:1])
    assert acta.principal([str(tmp_path)]) == 0
    assert (tmp_path / "acta.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    tabla = (tmp_path / "acta.csv").read_text("utf-8-sig").splitlines()
    assert tabla[0] == "nombre,entregó,versión,resueltos,intentos,00,01"
    assert [fila.split(",")[0] for fila in tabla[1:]] == ["Ana", "Beto"]
    assert tabla[1].endswith(",1,3,1 de 2,0 de 4")
    assert tabla[2].endswith(",0,1,0 de 2,0 de 4")
    assert "2 personas" in capsys.readouterr().out


def test_lo_que_una_persona_entrega_en_varias_veces_se_junta(tmp_path):
    _, primera = _entregar(tmp_path / "1", "Ana")
    _, segunda = _entregar(tmp_path / "2", "ana", INTENTOS[:1])
    horas = "2026-01-01T11:00-05:00", "2026-01-01T13:00+00:00"  # 16:00 y 13:00 UTC
    for ruta, hora in zip((primera, segunda), horas, strict=True):
        datos = json.loads(ruta.read_text("utf-8"))
        ruta.write_text(json.dumps(datos | {"cuando": hora}), encoding="utf-8")
    esperado = json.loads(primera.read_text("utf-8"))["ejercicios"]
    (una,), avisos = acta.reunir(tmp_path)
    assert una["cuando"] == horas[0] and "se juntan" in avisos[0]
    assert una["ejercicios"] == esperado
    otra = una | {"ejercicios": {"10-fijo": {"intentos": 2, "resuelto": "hoy"}}}
    junta = acta.juntar(una, otra | {"cuando": "2026-01-02T00:00+00:00"})
    assert set(junta["ejercicios"]) == {*esperado, "10-fijo"}
    assert junta["cuando"].startswith("2026-01-02")


def _fechar(ruta, cuando):
    datos = json.loads(ruta.read_text("utf-8")) | {"cuando": cuando}
    ruta.write_text(json.dumps(datos), encoding="utf-8")


def test_la_ultima_entrega_es_la_ultima_en_cualquier_huso(tmp_path):
    _, una = _entregar(tmp_path / "1", "Ana")
    _, otra = _entregar(tmp_path / "2", "Ana")
    _fechar(una, "2026-01-01T08:00-05:00")  # las 13:00 en Greenwich
    _fechar(otra, "2026-01-01T11:00+00:00")
    (queda,), _ = acta.reunir(tmp_path)
    assert queda["cuando"] == "2026-01-01T08:00-05:00"


def test_un_acta_que_no_se_puede_escribir_lo_dice(tmp_path, capsys, monkeypatch):
    _entregar(tmp_path, "Ana")

    def abierta_en_excel(*_):
        raise PermissionError(13, "Acceso denegado")

    monkeypatch.setattr("herramientas.archivos.os.replace", abierta_en_excel)
    assert acta.principal([str(tmp_path)]) == 1
    dicho = capsys.readouterr()
    assert "otro programa, ciérralo" in dicho.err and dicho.err.count("\n") == 1
    assert dicho.out == ""


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [
        ('{"form', "no es un JSON entero"),
        ("[]", "no la escribió taller.resumen"),
        ('{"formato": 9}', "no la escribió taller.resumen"),
        ('{"formato": 1, "nombre": "A"}', "le faltan"),
        ('{"formato": 1, "nombre": "A", "ejercicios": {"00-x": 1}}', "le faltan"),
        ('{"formato": 1, "nombre": "A", "ejercicios": {"77-x": {"intentos": 1}}}',
         "77-x"),
        ('{"formato": 1, "nombre": "A", "ejercicios": {}}', "cuándo se entregó"),
        ('{"formato": 1, "nombre": "A", "ejercicios": {}, "cuando": 7}', "cuándo"),
        ('{"formato": 1, "nombre": "A", "ejercicios": {}, "cuando": "ayer"}', "cuándo"),
        ('{"formato": 1, "nombre": "李", "ejercicios": {}, "cuando": "2026-01-01"}',
         "«李» no tiene letras latinas"),
        ("[" * 100_000, "no es un JSON entero"),
    ],
)  # fmt: skip
def test_una_entrega_que_no_sirve_no_detiene_a_las_demas(tmp_path, contenido, dice):
    _entregar(tmp_path / "a", "Ana")
    (tmp_path / "entrega-mala.json").write_text(contenido, encoding="utf-8")
    (una,), (aviso,) = acta.reunir(tmp_path)
    assert una["nombre"] == "Ana"
    assert aviso.startswith("entrega-mala.json: ") and dice in aviso


def test_sin_entregas_lo_dice(tmp_path, capsys):
    assert acta.principal([str(tmp_path)]) == 1
    assert acta.principal([str(tmp_path / "no")]) == 1
    dicho = capsys.readouterr().err
    assert "no hay ningún archivo" in dicho and "No existe la carpeta" in dicho


def test_un_nombre_con_forma_de_formula_no_se_ejecuta(tmp_path):
    _entregar(tmp_path, "=1+1")
    entregas, _ = acta.reunir(tmp_path)
    assert acta.a_csv(acta.filas(entregas)).splitlines()[1].startswith("'=1+1,")
