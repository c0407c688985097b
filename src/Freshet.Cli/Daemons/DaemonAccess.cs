using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Freshet.Api;
using Freshet.Cli.Parsing;
using Freshet.Cli.State;

namespace Freshet.Cli.Daemons;

/// <summary>
/// The options that select the daemon to ask: the one of the state folder, which records its address there, or any other by URL.
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
    private readonly Option<FileInfo?> _certificate = new("--certificate")
    {
        Description = "A PEM file with the certificate of the daemon at --server, if the system does not trust it.",
        HelpName = "FILE",
    };
    private readonly Option<DirectoryInfo?> _state = CommonOptions.State();

    public void AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_token);
        command.Add(_certificate);
        command.Add(_state);
    }

    public string StateFolderOf(ParseResult parsed) => StatePath.Of(parsed.GetValue(_state));

    /// <summary>Whether the user has given a daemon's URL.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetValue(_server) is not null;

    /// <inheritdoc cref="IsNamed(ParseResult)"/>
    public bool IsNamed(CommandResult parsed) => parsed.GetResult(_server) is not null;

    /// <exception cref="CliException">No daemon runs, or its token is not known.</exception>
    public DaemonClient Open(ParseResult parsed) =>
        TryOpen(parsed) ?? throw new CliException(
            $"No daemon runs with the state folder {StateFolderOf(parsed)}.",
                "Start one with 'freshet daemon', or name one with --server.");

    /// <summary>The daemon, or null if none is given and none runs with the state folder.</summary>
    /// <exception cref="CliException">The given daemon cannot be asked.</exception>
    public DaemonClient? TryOpen(ParseResult parsed)
    {
        string? token = parsed.GetValue(_token);
        if (parsed.GetValue(_server) is { } server)
        {
            return new DaemonClient(
                ToUri(server),
                token ?? Environment.GetEnvironmentVariable("FRESHET_TOKEN")
                    ?? throw new CliException("--server needs a token.", "Give it with --token, or as FRESHET_TOKEN in the environment."),
                parsed.GetValue(_certificate) is { } file ? HashOf(file.FullName) : null);
        }

        string folder = StateFolderOf(parsed);
        return Find(folder) is { } daemon
            ? new DaemonClient(
                daemon.Address,
                token ?? daemon.Token ?? throw new CliException($"There is no token in {folder}.", "Give it with --token."),
                daemon.Certificate)
            : null;
    }

    private static LocalDaemon? Find(string stateFolder)
    {
        try
        {
            return LocalDaemon.Find(stateFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The state folder {stateFolder} cannot be read: {e.Message.TrimEnd('.')}.");
        }
    }

    private static string HashOf(string path)
    {
        try
        {
            // The first certificate in the file is the daemon's own; those after it are its issuers'.
            using X509Certificate2 certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            return certificate.GetCertHashString(HashAlgorithmName.SHA256);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CliException($"The certificate {path} cannot be read: {e.Message.TrimEnd('.')}.");
        }
    }

    private static Uri ToUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme is "http" or "https")
            ? uri
            : throw new CliException($"{text} is no http(s) URL.");
}
