"""Where an installation of an older version looks for the plugin; `zhengwen_plugins` has it."""

from zhengwen_plugins import prepare_connection as prepare_connection
