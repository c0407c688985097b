using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet settings</c>: shows or changes the settings of a daemon's session, by their names in the API.</summary>
internal static class SettingsCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string[]> changes = new("NAME=VALUE")
        {
            Description = "A setting to change, by its name in the list, such as maxConnections=200.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> json = CommonOptions.Json();
        DaemonAccess access = new();
        Command command = new("settings", "Show or change the settings of a daemon.") { changes, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            string[] given = parsed.GetValue(changes) ?? [];
            SessionSettings settings = given.Length == 0
                ? await daemon.SettingsAsync(cancellationToken).ConfigureAwait(false)
                : await daemon.ChangeAsync(ChangeOf(given), cancellationToken).ConfigureAwait(false);
            JsonElement all = JsonSerializer.SerializeToElement(settings, JsonContext.Default.SessionSettings);
            if (parsed.GetValue(json))
                TorrentLines.WriteJson(streams, all);
            else
                await WriteAsync(streams, settings, all).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A value is parsed as JSON if possible, otherwise as text: 200, true, sparse, /data.</summary>
    /// <exception cref="CliException">A setting does not exist, or its value is of another type.</exception>
    private static SessionChange ChangeOf(string[] changes)
    {
        JsonObject members = [];
        foreach (string change in changes)
        {
            int equals = change.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new CliException($"\"{change}\" is no setting and value.", "Write NAME=VALUE; 'freshet settings' shows the names.");
            members[change[..equals]] = ValueOf(change[(equals + 1)..]);
        }

        try
        {
            return members.Deserialize(JsonContext.Default.SessionChange)!;
        }
        catch (JsonException e)
        {
            throw new CliException(
                $"{(e.Path is { Length: > 2 } path ? path[2..] : string.Join(' ', changes))} is no setting, or cannot have that value.",
                "'freshet settings' shows the names and values.",
                e);
        }
    }

    private static JsonNode? ValueOf(string text)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(text);
            return node is JsonValue or JsonArray ? node : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static async Task WriteAsync(IConsoleStreams streams, SessionSettings settings, JsonElement all)
    {
        foreach (JsonProperty setting in all.EnumerateObject())
        {
            if (setting.NameEquals("awaitingRestart"))
                continue;

            // As it is written to change it.
            string value = setting.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? setting.Value.GetRawText()
                : setting.Value.ToString();
            string note = settings.AwaitingRestart.Contains(setting.Name) ? "  (after a restart)" : "";
            await streams.Out.WriteLineAsync($"{setting.Name,-26} {SafeText.Of(value)}{note}").ConfigureAwait(false);
        }
    }
}
