using System.CommandLine;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Cli.Parsing;

/// <summary>Options and arguments that several commands share, so that they read the same everywhere.</summary>
internal static class CommonOptions
{
    public static Argument<TorrentReference> Torrent() => new("TORRENT")
    {
        Description = "A .torrent file, or the http(s) URL of one.",
        CustomParser = static result => new TorrentReference(result.Tokens[0].Value),
    };

    public static Argument<TorrentReference> TorrentOrLink() => new("TORRENT")
    {
        Description = "A .torrent file, the http(s) URL of one, a magnet link, or an info-hash.",
        CustomParser = static result => new TorrentReference(result.Tokens[0].Value),
    };

    public static Argument<TorrentReference[]> Torrents() => new("TORRENT")
    {
        Description = "A .torrent file, the http(s) URL of one, a magnet link, or an info-hash. Several run at once.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = static result => [.. result.Tokens.Select(token => new TorrentReference(token.Value))],
    };

    public static Option<DirectoryInfo> OutputFolder() => new("--output", "-o")
    {
        Description = "The output folder, which holds the torrent's file or folder; the current folder if not given.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => new DirectoryInfo("."),
    };

    public static Option<DirectoryInfo?> State() => new("--state")
    {
        Description = "The state folder; ~/.local/state/freshet if not given.",
        HelpName = "DIR",
    };

    public static Option<string[]> Trackers()
    {
        Option<string[]> trackers = new("--tracker", "-t")
        {
            Description = "Ask this tracker instead of the torrent's; repeatable.",
            HelpName = "URL",
            DefaultValueFactory = static _ => [],
        };
        trackers.Validators.Add(static result => Values.RequireUrls(result, "http", "https", "udp"));
        return trackers;
    }

    public static Option<BindTarget?> Bind() =>
        Values.BindOption("--bind", "The one address or interface of this machine that all traffic uses.");

    public static Option<IPEndPoint[]> NameServers() => Values.NameServersOption(
        "--name-server", "A name server to ask for the addresses of names, instead of the system's; repeatable.");

    public static Option<bool> Json(string description = "Print the result as one JSON object on a line.") =>
        new("--json") { Description = description };

    public static Option<bool> Force() => new("--force") { Description = "Overwrite the file if it exists." };

    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Print nothing but warnings and errors." };
}
