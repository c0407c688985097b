using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Parsing;
using Freshet.Cli.State;

namespace Freshet.Cli.Daemons;

/// <summary>
/// The options that say which daemon a command asks: the one of the state folder, which left its address and token there, or any other by
/// URL.
/// </summary>
internal sealed class DaemonAccess
{
    private readonly Option<string?> _server = new("--server")
    {
        Description = "The URL of the daemon to ask; the one that runs with the state folder if not given.",
        HelpName = "URL",
    };
    private readonly Option<string?> _token = new("--token")
    {
        Description = "The token of the daemon at --server; FRESHET_TOKEN in the environment if not given.",
        HelpName = "TOKEN",
    };
    private readonly Option<DirectoryInfo?> _state = CommonOptions.State();

    public void AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_token);
        command.Add(_state);
    }

    public string StateFolderOf(ParseResult parsed) => StatePath.Of(parsed.GetValue(_state));

    /// <summary>Whether the user names a daemon by URL.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetValue(_server) is not null;

    /// <exception cref="CliException">No daemon runs, or its token is not known.</exception>
    public DaemonClient Open(ParseResult parsed) =>
        TryOpen(parsed) ?? throw new CliException(
            $"No daemon runs with the state folder {StateFolderOf(parsed)}.",
                "Start one with 'freshet daemon', or name one with --server.");

    /// <summary>The daemon, or null if none is named and none runs with the state folder.</summary>
    /// <exception cref="CliException">The one that is named cannot be asked.</exception>
    public DaemonClient? TryOpen(ParseResult parsed)
    {
        string folder = Path.Combine(StateFolderOf(parsed), "daemon");
        string? token = parsed.GetValue(_token) ?? Environment.GetEnvironmentVariable("FRESHET_TOKEN");
        if (parsed.GetValue(_server) is not { } server)
            return Read(folder, "address") is { } address ? new DaemonClient(ToUri(address), token ?? TokenIn(folder)) : null;
        return new DaemonClient(
            ToUri(server),
            token ?? throw new CliException("--server needs a token.", "Give it with --token, or as FRESHET_TOKEN in the environment."));
    }

    private static string TokenIn(string folder) =>
        Read(folder, "token") ?? throw new CliException($"There is no token in {folder}.", "Give it with --token.");

    private static string? Read(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    private static Uri ToUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme is "http" or "https")
            ? uri
            : throw new CliException($"{text} is no http(s) URL.");
}
