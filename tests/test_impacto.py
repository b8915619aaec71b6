"""Las tablas de `make impacto` tal como las guardan las hojas de cálculo."""

import pytest

from herramientas.sala import impacto

COLUMNAS = impacto.COLUMNAS["talleres.csv"]
FILA = ["Uno", "2026-01-01", "Sala", "México", "9", "8", "7"]


def _guardar(carpeta, *filas, codificacion="utf-8", separa=","):
    texto = "\r\n".join(separa.join(fila) for fila in filas)
    (carpeta / "talleres.csv").write_bytes(texto.encode(codificacion))
    return impacto.leer(carpeta, "talleres.csv")


@pytest.mark.parametrize("codificacion", ["utf-8", "utf-8-sig", "cp1252"])
def test_se_lee_lo_que_guarda_excel_en_espanol(tmp_path, codificacion):
    (fila,) = _guardar(tmp_path, COLUMNAS, FILA, codificacion=codificacion, separa=";")
    assert fila == dict(zip(COLUMNAS, FILA, strict=True))


def test_el_encabezado_puede_ir_entre_comillas(tmp_path):
    entre = [[f'"{c}"' for c in fila] for fila in (COLUMNAS, FILA)]
    (fila,) = _guardar(tmp_path, *entre)
    assert fila["taller"] == "Uno" and fila["pais"] == "México"


def test_un_valor_con_salto_de_linea_es_una_sola_fila(tmp_path):
    (fila,) = _guardar(tmp_path, COLUMNAS, ['"Uno\ny medio"', *FILA[1:]])
    assert fila["taller"] == "Uno\ny medio"


def test_una_fila_sin_valores_no_es_un_taller(tmp_path):
    vacia = [""] * len(COLUMNAS)
    assert len(_guardar(tmp_path, COLUMNAS, FILA, vacia)) == 1
    assert "| Talleres | 1 |" in impacto.informe(tmp_path)


@pytest.mark.parametrize("opciones", [[], ["--ejemplo"]])
def test_lo_que_no_se_puede_escribir_se_dice(tmp_path, monkeypatch, capsys, opciones):
    def abierto_en_excel(*_):
        raise PermissionError(13, "Acceso denegado")

    monkeypatch.setattr("herramientas.archivos.os.replace", abierto_en_excel)
    assert impacto.principal([str(tmp_path), *opciones]) == 1
    dicho = capsys.readouterr()
    assert "otro programa, ciérralo" in dicho.err and dicho.err.count("\n") == 1
    assert dicho.out == "" and list(tmp_path.iterdir()) == []


def test_lo_que_no_se_puede_leer_se_dice(tmp_path, capsys):
    (tmp_path / "talleres.csv").mkdir()
    assert impacto.principal([str(tmp_path)]) == 1
    assert "talleres.csv: es una carpeta" in capsys.readouterr().err
