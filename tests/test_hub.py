"""El hub: dos estudiantes de verdad por el proxy, la imagen de Binder y la cuenta."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from herramientas.archivos import RAIZ, RESULTADOS
from herramientas.sala.hub import cuenta, ensayo, imagen, servidor
from herramientas.sala.hub.alumno import Alumno, Corrida

HUB = RAIZ / "herramientas" / "sala" / "hub"
VALORES = yaml.safe_load((HUB / "valores.yaml").read_text("utf-8"))
TLJH = (HUB / "tljh.sh").read_text("utf-8")
# «modelos» y el perfil con GPU van comentados: así queda al quitar las almohadillas.
CON_MODELOS = yaml.safe_load(
    re.sub(
        r"(?m)^( +)#(?=modelos:|- |  )",
        r"\1",
        (HUB / "valores.yaml").read_text("utf-8"),
    )
)
GIGA = {"G": 1024**3, "M": 1024**2}  # como los cuenta JupyterHub


def octetos(texto: str) -> int:
    """«3.5G» en bytes."""
    return int(float(texto[:-1]) * GIGA[texto[-1]])


@pytest.mark.lento
@pytest.mark.timeout(1800)
def test_dos_estudiantes_entran_por_el_proxy_y_corren_la_00(tmp_path):
    fase = ensayo.ensayar("00", 2, servidor.proxy_de_python(), tmp_path / "hub")
    assert ensayo.fallas_de(fase) == []
    uno, otro = fase["estudiantes"]
    celdas = json.loads((RAIZ / "notebooks" / fase["cuaderno"]).read_text("utf-8"))
    codigo = [
        c for c in celdas["cells"] if c["cell_type"] == "code" and "".join(c["source"])
    ]
    for corrida in (uno, otro):
        assert corrida["celdas"] == len(codigo)
        # El núcleo cargó torch y el modelo; ocioso, solo había un servidor.
        assert corrida["pico_bytes"] > 2 * corrida["ocioso_bytes"] > 10**8
        assert corrida["cpu_s"] > 1
    # Cada quien guardó en su carpeta lo que salió.
    for nombre in (uno["alumno"], otro["alumno"]):
        suyo = tmp_path / "hub" / "casas" / nombre / fase["cuaderno"]
        hechas = json.loads(suyo.read_text("utf-8"))["cells"]
        assert any(c.get("outputs") for c in hechas)
    # Al terminar no queda nada de lo que arrancó.
    quedan = subprocess.run(
        ["pgrep", "-f", str(tmp_path)], capture_output=True, text=True
    )
    assert quedan.stdout == ""


@pytest.mark.lento
def test_con_otra_clave_no_se_entra_y_una_celda_mala_es_una_falla(tmp_path):
    with servidor.Hub(tmp_path, servidor.proxy_de_python()) as hub:
        with pytest.raises(servidor.FallaDelHub, match="no pudo entrar"):
            Alumno(hub.publica, "intrusa", "otra clave").entrar()
        ana, beto = (Alumno(hub.publica, n, hub.clave) for n in ("ana", "beto"))
        ana.entrar()
        beto.entrar()
        ana.pedir_servidor()
        # El servidor de una persona no se abre con el permiso de otra.
        ajeno = beto.sesion.get(f"{ana.casa}/api/contents", timeout=60)
        assert ajeno.status_code == 403
        mala = {
            "cells": [
                {
                    "cell_type": "code",
                    "source": f,
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                }
                for f in ("x = 1", "1 / 0", "x = 2")
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 4,
        }
        (tmp_path / "casas" / "ana" / "malo.ipynb").write_text(json.dumps(mala))
        corrida = Corrida("ana")
        ana.ejecutar("malo.ipynb", corrida, lambda *_: None)
        assert corrida.celdas == 1 and "ZeroDivisionError" in corrida.fallas[0]


def test_un_hub_que_no_arranca_dice_por_que(tmp_path):
    proxy = ["python-que-no-existe"]
    with pytest.raises(servidor.FallaDelHub, match="El hub se detuvo al arrancar"):
        with servidor.Hub(tmp_path, proxy):
            pytest.fail("arrancó")


def test_sin_node_se_dice_que_hacer(tmp_path, monkeypatch):
    monkeypatch.setattr(servidor, "version_de_node", lambda: 0)
    with pytest.raises(servidor.FallaDelHub, match="--proxy python"):
        servidor.proxy_de_node(tmp_path)


def test_se_guarda_por_fases_y_otro_equipo_empieza_de_cero(tmp_path):
    ruta = tmp_path / "e.json"
    ensayo.guardar(ruta, "00", {"estudiantes": []}, "node")
    ensayo.guardar(ruta, "10", {"estudiantes": []}, "node")
    assert list(ensayo.leer(ruta)["fases"]) == ["00", "10"]
    ensayo.guardar(ruta, "00", {"estudiantes": []}, "python")
    assert list(ensayo.leer(ruta)["fases"]) == ["00"]


def test_lo_guardado_es_de_seis_y_nadie_fallo():
    datos = json.loads((RESULTADOS / ensayo.ARCHIVO).read_text("utf-8"))
    assert datos["hilos"] == 1 and set(datos["fases"]) == set(ensayo.FASES)
    for fase in datos["fases"].values():
        assert len(fase["estudiantes"]) == ensayo.ALUMNOS
        assert ensayo.fallas_de(fase) == []
        assert len({e["celdas"] for e in fase["estudiantes"]}) == 1


def test_repetir_la_orden_sigue_con_lo_que_falta_o_fallo():
    bien, mal = ({"estudiantes": [{"alumno": "x", "fallas": f}]} for f in ([], ["ay"]))
    assert ensayo.por_medir({}) == ["00", "10"]
    assert ensayo.por_medir({"fases": {"00": bien}}) == ["10"]
    assert ensayo.por_medir({"fases": {"00": mal, "10": bien}}) == ["00"]
    assert ensayo.por_medir({"fases": {"00": bien, "10": bien}}) == []


# --- La imagen ------------------------------------------------------------------------


def test_repo2docker_haria_una_imagen_que_sirve():
    hecha = imagen.generar()
    assert imagen.reparos(hecha) == []
    assert hecha.receta == "CondaBuildPack" and hecha.python == "3.11"
    assert "ARG REPO_DIR" in hecha.dockerfile  # el curso puede ir fuera de la casa
    assert {"jupyterlab", "jupyterhub-singleuser"} <= set(hecha.base)


def test_una_imagen_que_no_serviria_se_nota(tmp_path):
    (tmp_path / "requirements.txt").write_text("numpy\n")
    malas = imagen.reparos(imagen.generar(tmp_path))
    assert any("environment.yml" in m for m in malas)
    hecha = imagen.generar()
    al_reves = hecha.dockerfile.replace("COPY --chown=1000:1000 src/", "")
    otra = imagen.Imagen(hecha.receta, al_reves, "3.10", {})
    assert len(imagen.reparos(otra)) == 3


def test_la_imagen_lleva_la_version_del_curso(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "9.8.7"\n')
    assert imagen.orden(tmp_path).endswith("/de-tokens-a-qlora:9.8.7 .")


# --- Los archivos ---------------------------------------------------------------------


def test_los_topes_alcanzan_para_lo_medido():
    """El tope de memoria cubre a quien más usó; la reserva, lo que da la cuenta."""
    datos = json.loads((RESULTADOS / ensayo.ARCHIVO).read_text("utf-8"))
    picos = [e["pico_bytes"] for f in datos["fases"].values() for e in f["estudiantes"]]
    ociosos = [
        e["ocioso_bytes"] for f in datos["fases"].values() for e in f["estudiantes"]
    ]
    memoria = VALORES["singleuser"]["memory"]
    peor = max(max(picos), cuenta.peor_nucleo() + max(ociosos))
    assert octetos(memoria["limit"]) >= 1.2 * peor
    reserva = octetos(memoria["guarantee"])
    assert octetos(memoria["limit"]) > reserva >= cuenta.persona(datos).memoria
    # En una máquina Kubernetes no junta más personas que la cuenta, ni muchas menos.
    util = (1 - cuenta.DEL_SISTEMA) * cuenta.NODO[1]
    caben = util // cuenta.persona(datos).memoria
    assert caben - 2 <= util // reserva <= caben
    assert f"MEMORIA:-{memoria['limit']}" in TLJH
    assert f"NUCLEOS:-{VALORES['singleuser']['cpu']['limit']}" in TLJH


def test_lo_de_cada_quien_es_igual_en_el_ensayo_y_en_los_dos_hubs():
    env = VALORES["singleuser"]["extraEnv"]
    for nombre, valor in servidor.VARIABLES.items():
        assert env[nombre] == valor
        assert f'"{nombre}": "{valor}"' in TLJH
    etiqueta = VALORES["singleuser"]["image"]["tag"]
    assert imagen.orden().endswith(f"/de-tokens-a-qlora:{etiqueta} .")
    orden = VALORES["singleuser"]["lifecycleHooks"]["postStart"]["exec"]["command"][-1]
    assert f"cd {imagen.REPO_DIR} &&" in orden and "herramientas.copia" in orden
    assert VALORES["cull"]["enabled"] and VALORES["cull"]["timeout"] == 3600
    assert "services.cull.timeout 3600" in TLJH


def test_en_kubernetes_entra_quien_fue_autorizado_y_nadie_mas():
    """Sin `allow_all`, JupyterHub 5 rechaza también a quien ya puso bien su clave."""
    config = VALORES["hub"]["config"]
    assert config["Authenticator"]["allow_all"] is True
    assert config["NativeAuthenticator"]["open_signup"] is False
    auth = pytest.importorskip("jupyterhub.auth").Authenticator
    for todos in (False, True):
        quien = auth(admin_users={"profe"}, allow_all=todos)
        assert quien.check_allowed("ana", None) is todos
    # En desuso desde JupyterHub 2: dejaba creer que quien administra no entra.
    assert "admin_access" not in config["JupyterHub"]


def test_sin_el_disco_de_modelos_los_servidores_arrancan():
    disco = VALORES["singleuser"]["storage"]
    assert set(disco["extraVolumes"]) == set(disco["extraVolumeMounts"])
    assert "modelos" not in disco["extraVolumes"]
    assert [p["display_name"] for p in VALORES["singleuser"]["profileList"]] == [
        "Sin GPU, con semilla"
    ]
    usa = CON_MODELOS["singleuser"]
    disco, env = usa["storage"], usa["extraEnv"]
    assert set(disco["extraVolumes"]) == set(disco["extraVolumeMounts"])
    assert disco["extraVolumes"]["modelos"]["persistentVolumeClaim"]["readOnly"] is True
    assert disco["extraVolumeMounts"]["modelos"]["readOnly"] is True
    ruta = disco["extraVolumeMounts"]["modelos"]["mountPath"]
    _, con_gpu = usa["profileList"]
    suyo = con_gpu["kubespawner_override"]["environment"]
    assert ruta == env["TALLER_MODELOS"] == suyo["TALLER_MODELOS"]
    assert set(suyo) == set(env)


def test_las_dos_copias_al_entrar_traen_lo_nuevo():
    orden = VALORES["singleuser"]["lifecycleHooks"]["postStart"]["exec"]["command"][-1]
    for texto in (orden, TLJH):
        assert re.search(r"copiar\(.+cuadernos'\)?, True\)", texto)


def test_tljh_dice_que_hay_que_recargar_para_que_alguien_entre():
    pagina = (RAIZ / "book" / "hub.md").read_text("utf-8")
    for texto in (pagina, TLJH.rpartition("users.allowed")[2]):
        assert re.search(r"tljh-config\s+reload", texto)


def test_el_programa_de_tljh_se_puede_leer_y_se_niega_sin_el(tmp_path):
    assert subprocess.run(["sh", "-n", str(HUB / "tljh.sh")]).returncode == 0
    bloque = TLJH.split("<<'FIN'\n")[1].split("\nFIN\n")[0]
    compile(bloque, "curso.py", "exec")
    hecho = subprocess.run(
        ["sh", str(HUB / "tljh.sh")], capture_output=True, encoding="utf-8"
    )
    assert hecho.returncode == 1
    assert "instálalo primero" in hecho.stderr or "sudo" in hecho.stderr


# --- La cuenta ------------------------------------------------------------------------


def medida(pico: int, cpu_s: float) -> dict:
    fila = {"pico_bytes": pico, "cpu_s": cpu_s, "ocioso_bytes": pico // 10}
    return {"fases": {"00": {"estudiantes": [fila]}, "10": {"estudiantes": [fila]}}}


def test_la_cuenta_a_mano():
    assert cuenta.persona(medida(10**9, 600), 2 * 10**9).memoria == 3 * 10**9
    una = cuenta.persona(medida(10**9, 600), 0)
    assert una == cuenta.Persona(1_500_000_000, 600)  # 1,4 GB, en cuartos
    c = cuenta.cuenta(una, 30, minutos=30, horas=16, nodo=(16, 64 * 10**9))
    assert (c.memoria, c.nucleos, c.nodos) == (45 * 10**9, 10, 1)
    assert (c.nucleo_horas, c.gb_horas) == (256, 1024)
    assert c.costo(0.5, 0.25) == 128 + 256
    mil = cuenta.cuenta(una, 1000, minutos=30)
    assert mil.nucleos == 334 and mil.nodos == 27  # manda la memoria
    assert cuenta.cuenta(una, 1000, 0.5).a_la_vez == 500


def test_la_cuenta_de_otra_maquina(capsys):
    """La de una sola máquina de 8 núcleos y 128 GB, que es la que dice hub.md."""
    assert cuenta.main(["30", "--maquina", "8", "128"]) == 0
    dicho = capsys.readouterr().out
    assert "Máquinas de 8 núcleos y 128 GB." in dicho and " 1 máquinas;" in dicho
    assert cuenta.main(["30"]) == 0
    assert " 2 máquinas;" in capsys.readouterr().out
    assert cuenta.main(["30", "--maquina", "0", "128"]) == 1
    assert "mayores que cero" in capsys.readouterr().err
    pagina = " ".join((RAIZ / "book" / "hub.md").read_text("utf-8").split())
    assert "una máquina de 128 GB y 8 núcleos" in pagina


def test_sin_la_leccion_10_no_hay_cuenta():
    assert cuenta.persona({"fases": {"00": {"estudiantes": []}}}) is None
    una = cuenta.Persona(10**9, 60)
    for malo in ({"personas": 0}, {"personas": 5, "a_la_vez": 0}):
        with pytest.raises(ValueError, match="mayores que cero"):
            cuenta.cuenta(una, **malo)


def test_la_pagina_del_hub_existe_y_dice_de_donde_salen_las_cifras():
    pagina = (RAIZ / "book" / "hub.md").read_text("utf-8")
    assert "{medidas} hub\n" in pagina and "{medidas} hub-cuenta\n" in pagina
    assert "book/hub" in (RAIZ / "_toc.yml").read_text("utf-8")
    for archivo in ("valores.yaml", "tljh.sh"):
        assert archivo in pagina and (HUB / archivo).is_file()
    assert Path(HUB / "package.json").is_file()
