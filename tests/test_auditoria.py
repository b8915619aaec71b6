"""make auditar: lo que dice cuando falta algo, y cómo llega a la página lo medido."""

import contextlib
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from navegador import abrir_chromium, servir

from herramientas import empaquetar
from herramientas.archivos import RAIZ, RESULTADOS
from herramientas.auditoria import navegar
from herramientas.auditoria.servidor import ConGzip

auditoria = import_module("herramientas.auditoria.__main__")


@pytest.fixture
def curso(tmp_path) -> Path:
    """Un curso con sitio y EPUB de mentira."""
    (tmp_path / "pyproject.toml").write_bytes((RAIZ / "pyproject.toml").read_bytes())
    epub = empaquetar.nombre_de(empaquetar.version(tmp_path), "epub")
    (tmp_path / "_build").mkdir()
    (tmp_path / "_build" / epub).write_bytes(b"")
    return tmp_path


def frase(raiz: Path, capsys) -> str:
    """Lo que dice la orden cuando no puede empezar: una frase."""
    antes = auditoria.SALIDA.read_bytes() if auditoria.SALIDA.exists() else b""
    assert auditoria.principal([], raiz) == 1
    despues = auditoria.SALIDA.read_bytes() if auditoria.SALIDA.exists() else b""
    assert antes == despues
    dicho = capsys.readouterr()
    assert dicho.out == "" and dicho.err.count("\n") == 1
    return dicho.err


def test_sin_node_dice_que_instalar(curso, monkeypatch, capsys):
    monkeypatch.setattr(auditoria.shutil, "which", lambda _: None)
    assert "instálalo" in frase(curso, capsys)


def test_un_node_viejo_se_dice(curso, monkeypatch, capsys):
    monkeypatch.setattr(auditoria.shutil, "which", lambda nombre: f"/x/{nombre}")
    viejo = subprocess.CompletedProcess([], 0, "v12.22.9\n", "")
    monkeypatch.setattr(auditoria.subprocess, "run", lambda *_, **__: viejo)
    assert "Este Node es v12.22.9" in frase(curso, capsys)


def test_sin_epub_y_sin_epubcheck_se_dice(curso, monkeypatch, capsys):
    monkeypatch.setattr(auditoria, "comprobar_node", lambda: None)
    monkeypatch.setattr(auditoria, "buscar_navegador", lambda: "/x/chromium")
    monkeypatch.setattr(auditoria.shutil, "which", lambda _: None)
    monkeypatch.setattr(auditoria.importlib.util, "find_spec", lambda _: None)
    assert "epubcheck" in frase(curso, capsys)
    next((curso / "_build").glob("*.epub")).unlink()
    assert "make epub" in frase(curso, capsys)


def test_npm_sin_red_se_dice_y_no_queda_por_instalado(tmp_path, monkeypatch):
    fallo = subprocess.CompletedProcess([], 1, "", "npm error\nENOTFOUND\n")
    monkeypatch.setattr(auditoria.shutil, "which", lambda nombre: nombre)
    monkeypatch.setattr(auditoria.subprocess, "run", lambda *_, **__: fallo)
    for _ in range(2):
        with pytest.raises(auditoria.Falta, match="ENOTFOUND"):
            auditoria.instalar_modulos(tmp_path)


def test_la_mediana_y_entre_que_notas(monkeypatch):
    notas = iter([90, 99, 97, 40, 98])

    def pasada(*_):
        iguales = dict.fromkeys(auditoria.CATEGORIAS, 100)
        mala = {"rendimiento": next(notas), "bloqueo_ms": 12.4, "mayor_ms": 2000.6}
        return iguales | mala | {"faltas": ["x: y"]}

    monkeypatch.setattr(auditoria, "correr_lighthouse", pasada)
    medida = auditoria.medir_velocidad(Path(), "", "http://a/", "index.html")
    assert (medida["rendimiento"], medida["rendimiento_entre"]) == (97, [40, 99])
    assert (medida["bloqueo_ms"], medida["mayor_ms"]) == (12, 2001)
    assert medida["faltas"] == ["x: y"]


def test_lighthouse_que_no_mide_se_dice(monkeypatch, tmp_path):
    fallo = subprocess.CompletedProcess([], 1, "", "Unable to connect to Chrome\n")
    monkeypatch.setattr(auditoria.subprocess, "run", lambda *_, **__: fallo)
    with pytest.raises(auditoria.Falta, match="Unable to connect"):
        auditoria.correr_lighthouse(tmp_path, "chromium", "http://a/")


def test_pesar_cuenta_lo_que_llega_y_lo_que_salta(tmp_path):
    """Una figura lejana pesa al bajar, no al abrir; lo que se mete arriba, salta."""
    dibujo = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="400">'
    dibujo += f"<desc>{'abc' * 20}</desc></svg>"
    (tmp_path / "f.svg").write_text(dibujo, encoding="utf-8")
    (tmp_path / "a.html").write_text(
        "<!DOCTYPE html><html lang=es><title>a</title><body>"
        + "<p>Un renglón.</p>" * 400
        + "<img loading=lazy alt=x src=f.svg><p>Fin.</p>",
        encoding="utf-8",
    )
    meter = "document.body.prepend(document.querySelector('h1'))"
    (tmp_path / "b.html").write_text(
        '<!DOCTYPE html><html lang=es><title>b</title><body style="overflow-anchor:'
        'none">' + "<p>Un renglón.</p>" * 400 + '<h1 style="height:300px">Ahí</h1>'
        f'<script>addEventListener("scroll", () => {meter}, {{once: true}})</script>',
        encoding="utf-8",
    )
    with servir(tmp_path, ConGzip) as base, abrir_chromium() as contexto:
        abrir, entera, salto = navegar.pesar(contexto.browser, base + "a.html")
        assert navegar.saltar(contexto.browser, base + "a.html") < 0.02
        assert navegar.saltar(contexto.browser, base + "b.html") > 0.05
    # 400 renglones iguales caben, comprimidos, en muy poco.
    assert 150 < abrir < 1500
    assert abrir + 100 < entera < abrir + 1000
    assert salto < 0.02


@pytest.fixture
def auditado(curso, monkeypatch, tmp_path):
    """Audita sin navegador ni Node, y guarda aparte. Lo medido es de mentira."""
    salida = tmp_path / "auditoria.json"
    monkeypatch.setattr(auditoria, "SALIDA", salida)
    monkeypatch.setattr(auditoria, "RAIZ", tmp_path)
    monkeypatch.setattr(auditoria, "CINCO", ("index",))
    monkeypatch.setattr(auditoria, "ONCE", ())
    monkeypatch.setattr(auditoria, "comprobar_node", lambda: None)
    monkeypatch.setattr(auditoria, "buscar_navegador", lambda: "/x/chromium")
    monkeypatch.setattr(auditoria, "orden_de_epubcheck", lambda: ["epubcheck"])
    monkeypatch.setattr(auditoria, "instalar_modulos", lambda _: tmp_path)
    monkeypatch.setattr(auditoria, "version_de", lambda _: "1.0")
    monkeypatch.setattr(navegar, "sesion", lambda _: contextlib.nullcontext())
    monkeypatch.setattr(navegar, "pesar", lambda *_: (1, 2, 0.0))
    monkeypatch.setattr(navegar, "saltar", lambda *_: 0.0)
    bien = {"errores": 0, "avisos": 0, "primeros": []}
    monkeypatch.setattr(auditoria, "revisar_epub", lambda *_: bien)
    medida = dict.fromkeys(auditoria.CATEGORIAS, 97)
    medida |= {"pagina": "index.html", "faltas": []}
    monkeypatch.setattr(auditoria, "medir_velocidad", lambda *_: medida)
    (curso / "_build" / "html").mkdir()
    (curso / "_build" / "html" / "index.html").write_text("x", encoding="utf-8")

    def auditar(*opciones) -> dict:
        assert auditoria.principal(list(opciones), curso) == 0
        return json.loads(salida.read_text("utf-8"))

    return auditar


def test_sin_velocidad_se_conserva_la_medida_con_su_fecha(auditado):
    assert auditado("--sin-velocidad")["velocidad"] == []
    medido = auditado()
    assert medido["velocidad"] and medido["fecha_velocidad"] == medido["fecha"]
    de_ayer = medido | {"fecha": "2026-01-01", "fecha_velocidad": "2026-01-01"}
    auditoria.guardar_json(auditoria.SALIDA, de_ayer)
    for _ in range(2):
        queda = auditado("--sin-velocidad")
        assert queda["fecha"] == medido["fecha"] != queda["fecha_velocidad"]
        claves = ("velocidad", "carga_al_empezar", "carga_tras_la_velocidad")
        assert all(queda[c] == de_ayer[c] for c in claves)
        assert queda["fecha_velocidad"] == "2026-01-01"


def test_lo_publicado_antes_no_lleva_la_fecha_aparte(auditado):
    viejo = {c: v for c, v in auditado().items() if c != "fecha_velocidad"}
    auditoria.guardar_json(auditoria.SALIDA, viejo | {"fecha": "2026-01-01"})
    assert auditado("--sin-velocidad")["fecha_velocidad"] == "2026-01-01"


def test_si_no_se_puede_guardar_se_dice(auditado, curso, monkeypatch, capsys):
    def lleno(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("herramientas.archivos.os.replace", lleno)
    assert auditoria.principal(["--sin-velocidad"], curso) == 1
    assert "no queda espacio en el disco" in capsys.readouterr().err


# --- La tabla -----------------------------------------------------------------------


def tabla(datos: dict, monkeypatch) -> str:
    monkeypatch.syspath_prepend(str(RAIZ / "book" / "_ext"))
    sys.modules.pop("cifras", None)
    return "\n".join(import_module("cifras").filas_auditoria(datos))


DATOS = {
    "fecha": "2026-11-28",
    "nucleos": 2,
    "versiones": {"lighthouse": "12.8.2", "epubcheck": ""},
    "carga_al_empezar": [0.1, 0.2, 0.3],
    "carga_tras_la_velocidad": [1.0, 1.2, 0.8],
    "velocidad": [
        {
            **{"pagina": "index.html", "rendimiento": 99, "accesibilidad": 100},
            **{"practicas": 100, "buscadores": 92, "rendimiento_entre": [97, 100]},
            "bloqueo_ms": 12,
        }
    ],
    "peso": [{"pagina": "index.html", "al_abrir": 78400, "entera": 81000, "salto": 0}],
    "axe": {"paginas": 11, "recorridos": 44, "faltas": []},
    "epub": {"errores": 0, "avisos": 1},
}


def test_lo_medido_llega_a_la_pagina(monkeypatch):
    dicho = tabla(DATOS, monkeypatch)
    assert "| 99 [97;\u00a0100] | 100 / 100 / 92 | 12 | 78 | 81 | 0,000 |" in dicho
    assert "0 faltas en 44 recorridos" in dicho and "1 avisos" in dicho
    assert "0,1 al empezar y 1,2 de media" in dicho
    guardada = tabla(DATOS | {"fecha_velocidad": "2026-01-02"}, monkeypatch)
    assert "La velocidad se midió el 2026-01-02." in guardada


def test_sin_lighthouse_dice_sin_medir(monkeypatch):
    dicho = tabla(DATOS | {"velocidad": []}, monkeypatch)
    assert "| sin medir | sin medir | sin medir | 78 |" in dicho
    assert "Carga del equipo" not in dicho


@pytest.mark.skipif(
    not (RESULTADOS / "auditoria.json").exists(), reason="nadie ha auditado todavía"
)
def test_lo_guardado_cumple_lo_prometido():
    """Lo que no depende de la velocidad del equipo."""
    medido = json.loads((RESULTADOS / "auditoria.json").read_text("utf-8"))
    assert medido["axe"]["faltas"] == [] and medido["axe"]["recorridos"] == 44
    assert medido["epub"]["errores"] == 0
    for pagina in medido["peso"]:
        assert pagina["al_abrir"] <= 150_000, pagina
        assert pagina["entera"] <= 240_000, pagina
        assert pagina["salto"] < 0.02, pagina
    for pagina in medido["velocidad"]:
        for nota in ("accesibilidad", "practicas", "buscadores"):
            assert pagina[nota] == 100, pagina
