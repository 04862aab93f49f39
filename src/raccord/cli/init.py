"""`raccord init`: the data folder, the key of the vault, the database, and the link of the first Superviseur."""

import click

from raccord.cli.house import as_json, opened, print_json


@click.command()
@as_json
def init(as_json: bool) -> None:
    """Préparer le dossier de données et le premier Superviseur. Peut être relancé sans danger."""
    from raccord.settings import load_settings

    settings = load_settings()
    with opened(settings) as gateway:
        token = gateway.users.first_link()
    link = f"{settings.public_url}/premier-acces/{token}" if token else ""
    if as_json:
        print_json({"data_dir": str(settings.data_dir), "first_access": link})
        return
    click.echo(f"Le dossier de données est prêt : {settings.data_dir}")
    if link:
        click.echo(f"Démarrez la passerelle (raccord serve), puis créez le premier Superviseur ici :\n  {link}")
        click.echo("Ce lien ne sert qu’une fois. Pour en obtenir un autre : raccord init")
    else:
        click.echo("Un Superviseur existe déjà : connectez-vous avec son compte.")
