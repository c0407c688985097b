using System.CommandLine;
using System.Net;
using Freshet.Cli.Parsing;
using Freshet.Core.Rates;

namespace Freshet.Cli.Transfers;

/// <summary>The options that <c>download</c> and <c>seed</c> share.</summary>
internal sealed class TransferOptions
{
    private readonly Option<HostPort[]> _peers = Values.PeersOption("--peer", "A peer to connect to; repeatable.");
    private readonly Option<int?> _port = Values.PortOption("--port", "The port to listen on; 0 lets the system choose. 6881 if not given, or any other if that is taken.");
    private readonly Option<IPAddress?> _bind = Values.AddressOption("--bind", "The address to listen, dial and announce from.");
    private readonly Option<DataRate?> _maxUpload = Values.RateOption("--max-upload", "The most to send, all torrents together, such as 500kB/s.");
    private readonly Option<bool> _noResume = new("--no-resume") { Description = "Keep no state, and check all files that are there." };
    private readonly Option<DirectoryInfo?> _state = new("--state") { Description = "Where state is kept; ~/.local/state/freshet if not given.", HelpName = "DIR" };
    private readonly Option<int?> _checkpoint =
        Values.SecondsOption("--checkpoint", "How often what was verified is recorded, in seconds; 30 if not given.");
    private readonly Option<bool> _json = CommonOptions.Json("Print a JSON line per event, and per torrent and second.");
    private readonly Option<bool> _quiet = CommonOptions.Quiet();

    public void AddTo(Command command)
    {
        AddConnectionOptionsTo(command);
        command.Add(_maxUpload);
        command.Add(_noResume);
        command.Add(_state);
        command.Add(_checkpoint);
        command.Add(_json);
        command.Add(_quiet);
    }

    public void AddConnectionOptionsTo(Command command)
    {
        command.Add(_peers);
        command.Add(_port);
        command.Add(_bind);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    public bool Resumes(ParseResult parsed) => !parsed.GetValue(_noResume);

    /// <summary>Whether the user named the port, and no other will do.</summary>
    public bool IsPortFixed(ParseResult parsed) => parsed.GetValue(_port) is not null;

    /// <summary>The peers that the user named.</summary>
    public async Task<List<IPEndPoint>> ResolvePeersAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        List<IPEndPoint> endPoints = [];
        foreach (HostPort peer in parsed.GetValue(_peers) ?? [])
            endPoints.AddRange(await peer.ResolveAsync(cancellationToken).ConfigureAwait(false));
        return endPoints;
    }

    /// <summary>The one address for all traffic, a .torrent's fetching included; null for any.</summary>
    public IPAddress? BindAddress(ParseResult parsed) => parsed.GetValue(_bind);

    public SessionOptions ToSessionOptions(ParseResult parsed, DirectoryInfo folder)
    {
        SessionOptions defaults = new();
        string? state = parsed.GetValue(_state)?.FullName ?? defaults.StateFolder;
        return defaults with
        {
            DownloadFolder = folder.FullName,
            StateFolder = Resumes(parsed) ? state : null,
            RestoreTorrents = false,
            ListenPort = parsed.GetValue(_port) ?? defaults.ListenPort,
            BindAddress = BindAddress(parsed),
            MaxUploadRate = parsed.GetValue(_maxUpload),
            CheckpointInterval = parsed.GetValue(_checkpoint) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.CheckpointInterval,
        };
    }
}
