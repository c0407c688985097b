using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Freshet.Cli.Logging;
using Freshet.Cli.Parsing;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>The options that <c>download</c> and <c>seed</c> share.</summary>
internal sealed class TransferOptions
{
    private readonly ConnectionOptions _connection = new();
    private readonly LogOptions _log = new();
    private readonly SeedLimitOptions _seedLimits = new();
    private readonly LimitOptions _limits = new();
    private readonly Option<DataRate?> _maxUpload = Values.RateOption(
        "--max-upload", "The upload limit for all torrents together, such as 500kB/s.");
    private readonly Option<bool> _superSeed = new("--super-seed")
    {
        Description = "As a seed, offer each peer only pieces that no other has, even if there seem to be other seeds.",
    };
    private readonly Option<bool> _noResume = new("--no-resume")
    {
        Description = "Neither read nor write state; all existing files are checked.",
    };
    private readonly Option<bool> _recheck = new("--recheck")
    {
        Description = "Check all existing files, whatever the state says; state is kept.",
    };
    private readonly Option<DirectoryInfo?> _state = CommonOptions.State();
    private readonly Option<int?> _checkpoint =
        Values.SecondsOption("--checkpoint", "How often verified pieces are recorded; 30 if not given.");

    private readonly Option<DiskErrors> _diskErrors = new("--disk-errors")
    {
        Description = "When the disk fails: wait and resume, fail, or (auto) fail only if the folder cannot be used from the start.",
        HelpName = "auto|wait|fail",
        DefaultValueFactory = static _ => DiskErrors.Auto,
        CustomParser = Read,
    };

    private readonly Option<bool> _json = CommonOptions.Json(
        "Print a JSON line per event, and one a second for each torrent that changes.");
    private readonly Option<bool> _quiet = CommonOptions.Quiet();

    public void AddTo(Command command)
    {
        _diskErrors.CompletionSources.Add("auto", "wait", "fail");
        _connection.AddTo(command);
        command.Add(_maxUpload);
        _limits.AddTo(command);
        _seedLimits.AddTo(command);
        command.Add(_superSeed);
        command.Add(_noResume);
        command.Add(_recheck);
        command.Add(_state);
        command.Add(_checkpoint);
        command.Add(_diskErrors);
        command.Add(_json);
        command.Add(_quiet);
        _log.AddTo(command);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    /// <summary>Whether the record of an earlier run is trusted.</summary>
    public bool Resumes(ParseResult parsed) => !parsed.GetValue(_noResume) && !parsed.GetValue(_recheck);

    /// <summary>When a seed offers each peer only what no other has.</summary>
    public SuperSeeding SuperSeed(ParseResult parsed) => parsed.GetValue(_superSeed) ? SuperSeeding.Always : SuperSeeding.Automatic;

    /// <summary>The maximum number of connected peers of each torrent.</summary>
    public int MaxPeers(ParseResult parsed) => _limits.MaxPeers(parsed);

    /// <summary>The seed limits; null if the user has given none.</summary>
    public SeedLimits? SeedLimits(ParseResult parsed) => _seedLimits.Of(parsed);

    /// <summary>What to do when a disk fails.</summary>
    public DiskErrors OnDiskErrors(ParseResult parsed) => parsed.GetValue(_diskErrors);

    /// <summary>Whether the user has given the port, so that no other may be used.</summary>
    public bool IsPortFixed(ParseResult parsed) => _connection.IsPortFixed(parsed);

    /// <summary>The peers given by the user.</summary>
    public Task<List<IPEndPoint>> ResolvePeersAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        _connection.ResolvePeersAsync(parsed, cancellationToken);

    /// <summary>The network access of all traffic, the download of a .torrent included.</summary>
    public NetworkAccess Access(ParseResult parsed) => _connection.Access(parsed);

    public LineLoggerFactory OpenLog(ParseResult parsed, ITransferReporter reporter) => _log.Open(parsed, reporter.Log);

    public SessionOptions ToSessionOptions(ParseResult parsed, DirectoryInfo folder)
    {
        SessionOptions options = _connection.ToSessionOptions(parsed);
        string? state = parsed.GetValue(_state)?.FullName ?? options.StateFolder;
        return _limits.Apply(parsed, options) with
        {
            DownloadFolder = folder.FullName,
            StateFolder = parsed.GetValue(_noResume) ? null : state,
            RestoreTorrents = false,
            MaxUploadRate = parsed.GetValue(_maxUpload),
            SeedLimits = _seedLimits.Of(parsed) ?? options.SeedLimits,
            CheckpointInterval = parsed.GetValue(_checkpoint) is { } seconds ? TimeSpan.FromSeconds(seconds) : options.CheckpointInterval,
        };
    }

    private static DiskErrors Read(ArgumentResult result)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        switch (text)
        {
            case "auto":
                return DiskErrors.Auto;
            case "wait":
                return DiskErrors.Wait;
            case "fail":
                return DiskErrors.Fail;
            default:
                result.AddError($"--disk-errors is auto, wait or fail, not '{text}'.");
                return default;
        }
    }
}
