"""El ayudante: perfiles, modelo, generación, tokens, memoria, control, ejercicios."""

import json
import shutil

import pytest

import taller
from taller import ErrorDelTaller
from taller.controles import combinaciones
from taller.ejercicios import revisar
from taller.perfil import NOMBRES
from taller.recursos import BASE, CARPETA, ruta_adaptador, ruta_semilla
from taller.tokens import trozo_visible


@pytest.fixture(scope="module")
def semilla():
    return taller.cargar_modelo(taller.elegir_perfil("semilla"))


def test_a_lo_sumo_quince_nombres():
    assert len(taller.__all__) <= 15
    assert all(getattr(taller, n).__doc__ for n in taller.__all__)


# --- Perfiles ------------------------------------------------------------------------


def test_perfil_desconocido_dice_cuales_hay():
    with pytest.raises(ErrorDelTaller, match="«gigante».*semilla, t4, grande"):
        taller.elegir_perfil("gigante")


def test_perfil_desconocido_en_la_variable(monkeypatch):
    monkeypatch.setenv("TALLER_PERFIL", "colab")
    with pytest.raises(ErrorDelTaller, match="«colab»"):
        taller.elegir_perfil()


def test_la_variable_vale_con_espacios_como_en_la_revision(monkeypatch):
    monkeypatch.setenv("TALLER_PERFIL", " semilla ")
    assert taller.elegir_perfil().nombre == "semilla"


@pytest.mark.parametrize("nombre", [n for n in NOMBRES if n != "semilla"])
def test_sin_gpu_el_perfil_pedido_propone_semilla(nombre, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(ErrorDelTaller, match=r'elegir_perfil\("semilla"\)'):
        taller.elegir_perfil(nombre)


def _gpu_simulada(monkeypatch, libres_gb, capacidad=(7, 5)):
    class Propiedades:
        total_memory = 16 * 2**30

    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.get_device_properties", lambda i: Propiedades())
    monkeypatch.setattr("torch.cuda.get_device_name", lambda i=0: "Tarjeta de prueba")
    monkeypatch.setattr(
        "torch.cuda.mem_get_info", lambda: (int(libres_gb * 2**30), 16 * 2**30)
    )
    monkeypatch.setattr("torch.cuda.get_device_capability", lambda: capacidad)
    monkeypatch.delenv("TALLER_PERFIL", raising=False)


def test_gpu_sin_memoria_pasa_a_semilla_y_lo_dice(monkeypatch, capsys):
    _gpu_simulada(monkeypatch, libres_gb=1.5)
    assert taller.elegir_perfil().nombre == "semilla"
    assert "1.5 GB libres" in capsys.readouterr().out


def test_sin_red_pasa_a_semilla_y_lo_dice(monkeypatch, capsys):
    def sin_red(*_, **__):
        raise ConnectionError("no hay ruta")

    _gpu_simulada(monkeypatch, libres_gb=15)
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", sin_red)
    assert taller.elegir_perfil().nombre == "semilla"
    assert "no hay conexión" in capsys.readouterr().out


def test_con_red_y_memoria_elige_t4_y_fp16(monkeypatch):
    _gpu_simulada(monkeypatch, libres_gb=15)
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", lambda *_, **__: None)
    perfil = taller.elegir_perfil()
    assert (perfil.nombre, str(perfil.dtype)) == ("t4", "torch.float16")
    assert "7.5" in perfil.razon_precision


def test_capacidad_ocho_usa_bf16(monkeypatch):
    _gpu_simulada(monkeypatch, libres_gb=15, capacidad=(8, 0))
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", lambda *_, **__: None)
    assert str(taller.elegir_perfil().dtype) == "torch.bfloat16"


@pytest.mark.parametrize(
    ("estado", "frase"),
    [(429, "limita las descargas"), (500, "respondió con un error")],
)
def test_errores_del_hub(monkeypatch, capsys, estado, frase):
    from huggingface_hub.errors import HfHubHTTPError

    class Respuesta:
        status_code, headers, request, text = estado, {}, None, ""

    def falla(*_, **__):
        raise HfHubHTTPError("error", response=Respuesta())

    _gpu_simulada(monkeypatch, libres_gb=15)
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", falla)
    taller.elegir_perfil()
    assert frase in capsys.readouterr().out


# --- Pesos ---------------------------------------------------------------------------


RUTAS = {"semilla": ruta_semilla, "adaptador": ruta_adaptador}


@pytest.fixture(params=RUTAS)
def copia(request, tmp_path):
    """(carpeta, función que la comprueba): una copia de cada juego de pesos."""
    original = CARPETA / request.param
    return shutil.copytree(original, tmp_path / request.param), RUTAS[request.param]


def _pesos(carpeta):
    return next(carpeta.glob("*.safetensors"))


def test_pesos_enteros(copia):
    carpeta, ruta = copia
    assert ruta(carpeta) == carpeta


def test_pesos_danados(copia):
    """Un solo octeto cambiado basta, en cualquiera de los archivos."""
    carpeta, ruta = copia
    for archivo in carpeta.iterdir():
        if archivo.name == "huellas.json":
            continue
        entero = archivo.read_bytes()
        archivo.write_bytes(entero[:-1] + bytes([entero[-1] ^ 1]))
        with pytest.raises(ErrorDelTaller, match=rf"{archivo.name} del .* está dañado"):
            ruta(carpeta)
        archivo.write_bytes(entero)


def test_pesos_que_faltan(copia):
    carpeta, ruta = copia
    for falta in (_pesos(carpeta), carpeta / "huellas.json"):
        falta.unlink()
        with pytest.raises(ErrorDelTaller, match="Falta .* Vuelve a instalar el curso"):
            ruta(carpeta)


@pytest.mark.parametrize(
    "registro",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b'{"a": 1}',
        b"\xff\xfe{}",
        b"[" * 99_999,
        b'{"config.json": "0"}',
    ],
)
def test_un_registro_danado_lo_dice(copia, registro):
    carpeta, ruta = copia
    (carpeta / "huellas.json").write_bytes(registro)
    with pytest.raises(ErrorDelTaller, match=r"\(huellas\.json\) está dañado"):
        ruta(carpeta)


def test_un_registro_cortado_lo_dice(copia):
    carpeta, ruta = copia
    registro = carpeta / "huellas.json"
    registro.write_bytes(registro.read_bytes()[:-40])
    with pytest.raises(ErrorDelTaller, match=r"\(huellas\.json\) está dañado"):
        ruta(carpeta)


@pytest.mark.parametrize("base", ["0" * 64, None])
def test_un_adaptador_de_otros_pesos_no_entra(tmp_path, base):
    carpeta = shutil.copytree(CARPETA / "adaptador", tmp_path / "adaptador")
    registro = carpeta / "huellas.json"
    huellas = json.loads(registro.read_text(encoding="utf-8"))
    huellas[BASE] = base
    if base is None:
        del huellas[BASE]
    registro.write_text(json.dumps(huellas), encoding="utf-8")
    with pytest.raises(ErrorDelTaller, match="sobre otros pesos de semilla"):
        ruta_adaptador(carpeta)


def test_los_pesos_son_safetensors_y_caben():
    archivos = list((CARPETA / "semilla").iterdir())
    assert sum(a.stat().st_size for a in archivos) <= 30e6
    assert not [a for a in archivos if a.suffix in {".bin", ".pt", ".pkl"}]


def test_semilla_carga(semilla):
    modelo, tokenizador = semilla
    assert not modelo.training
    lineales = [m for m in modelo.model.modules() if hasattr(m, "in_features")]
    assert all(m.in_features % 64 == m.out_features % 64 == 0 for m in lineales)
    assert "{%- generation -%}" in tokenizador.chat_template


# --- Generar y dibujar ---------------------------------------------------------------


def test_generar_respeta_el_orden_y_el_lote(semilla):
    entradas = [f"Artículo {i}. El ministerio de {'la ' * (i % 3)}" for i in range(7)]
    juntos = taller.generar(*semilla, entradas, max_tokens=6, lote=3)
    assert juntos == [taller.generar(*semilla, e, max_tokens=6) for e in entradas]


def test_generar_deja_el_modelo_como_estaba(semilla):
    modelo, tokenizador = semilla
    modelo.train()
    lado = tokenizador.padding_side
    taller.generar(modelo, tokenizador, "Hola", max_tokens=2)
    assert modelo.training and tokenizador.padding_side == lado
    modelo.eval()


@pytest.mark.parametrize(
    ("entradas", "frase"),
    [
        ("", "La entrada está vacía"),
        ([], "No hay nada que continuar"),
        (None, "No hay nada que continuar"),
        ([[]], "La entrada está vacía"),
        ([""], "La entrada está vacía"),
        (["Hola", ""], "La entrada 2 está vacía"),
        ([[{"role": "user", "content": "Hola"}], []], "La entrada 2 está vacía"),
        (["Hola", None], "La entrada 2 está vacía"),
        (["Hola", [{"role": "user", "content": "Hola"}]], "mezcla textos y conv"),
        ([[{"role": "user", "content": "Hola"}], "Hola"], "mezcla textos y conv"),
    ],
)
def test_generar_sin_nada_que_continuar_lo_dice(semilla, entradas, frase):
    with pytest.raises(ErrorDelTaller, match=frase):
        taller.generar(*semilla, entradas, max_tokens=2)


def test_dibujar_tokens(semilla):
    dibujo = taller.dibujar_tokens(semilla[1], "ñu <b>\n日")
    assert "".join(dibujo.trozos).startswith("ñu·")
    assert "⟨E6⟩" in repr(dibujo)
    assert "&lt;" in dibujo._repr_html_() and "<b>" not in dibujo._repr_html_()
    assert trozo_visible(semilla[1], dibujo.ids[0]) == dibujo.trozos[0]


def test_dibujar_tokens_con_pesos(semilla):
    with pytest.raises(ValueError, match="2 tokens y 1 pesos|tokens y 1 pesos"):
        taller.dibujar_tokens(semilla[1], [10, 11], pesos=[1])
    assert "[" in repr(taller.dibujar_tokens(semilla[1], [70, 71], pesos=[0, 1]))


# --- Cuentas -------------------------------------------------------------------------


def test_intervalo_de_wilson():
    # con z = 1,96: centro y ancho de Wilson para 8 de 10
    z, n, p = 1.959964, 10, 0.8
    centro = (p + z * z / (2 * n)) / (1 + z * z / n)
    ancho = z * ((p * (1 - p) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    assert taller.intervalo(8, 10) == pytest.approx((p, centro - ancho, centro + ancho))


@pytest.mark.parametrize(("k", "n"), [(1, 0), (5, 4), (-1, 3)])
def test_intervalo_imposible(k, n):
    with pytest.raises(ValueError, match="no hay proporción"):
        taller.intervalo(k, n)


def test_memoria_cuenta_todo_una_vez(semilla):
    partes = taller.memoria(semilla[0])
    esperado = sum(p.numel() * 4 for p in semilla[0].parameters())
    assert partes["total"] == esperado == sum(partes.values()) - partes["total"]


# --- Control -------------------------------------------------------------------------


def test_combinaciones_del_control():
    assert combinaciones({"a": [1, 2]}) == [{"a": 1}, {"a": 2}]
    muchas = combinaciones({"a": list(range(5)), "b": list(range(4))})
    assert len(muchas) == 6 and muchas[0] == {"a": 0, "b": 0}
    assert muchas[-1] == {"a": 4, "b": 3}


def test_control_fijo_dibuja_cada_ajuste(monkeypatch, capsys):
    monkeypatch.setenv("TALLER_ESTATICO", "1")
    vistos = []
    taller.control(lambda eje, x: vistos.append(x), "Mueve x.", x=[1, 2, 3])
    assert vistos == [1, 2, 3]
    assert "De un panel a otro cambia «x»." in capsys.readouterr().out


def test_control_vivo_redibuja_al_mover(monkeypatch):
    import IPython.display

    monkeypatch.delenv("TALLER_ESTATICO", raising=False)
    mostrados, vistos = [], []
    monkeypatch.setattr(IPython.display, "display", lambda *a, **k: mostrados.append(a))
    taller.control(lambda eje, x: vistos.append(x), x=[1, 2, 3])
    mando = next(a[0] for a in mostrados if hasattr(a[0], "children")).children[0]
    mando.value = 3
    assert vistos[0] == 1 and vistos[-1] == 3


def test_control_sin_valores():
    with pytest.raises(ValueError, match="lista con sus valores"):
        taller.control(lambda eje: None)


# --- Ejercicios y datos --------------------------------------------------------------


def test_ejercicio_que_no_existe():
    with pytest.raises(ErrorDelTaller, match="«99-nada»"):
        revisar("99-nada", 1)


def test_el_error_de_quien_aprende_es_una_pista():
    pista = revisar("00-mas-probable", lambda logits: logits.nada)
    assert "«nada»" in pista and "Tensor" in pista
    assert "AttributeError" not in pista  # el error de Python está en inglés


def test_conjunto_que_no_existe():
    with pytest.raises(ErrorDelTaller, match="tratamientos"):
        taller.cargar_datos("noticias")


@pytest.mark.lento
def test_tratamientos_llega_como_datasets():
    datos = taller.cargar_datos("tratamientos")
    partes = {"entrenamiento", "validacion", "prueba", "marcos_nuevos", "todo_nuevo"}
    assert set(datos) == partes | {"supletivos", "nunca_leidos"}
    assert len(datos["prueba"]) >= 300
