using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Parsing;
using Freshet.Core.Rates;

namespace Freshet.Cli.Daemons;

/// <summary>The less common options of <c>freshet set</c>: order, limits of each peer, seeding.</summary>
internal sealed class TorrentChangeOptions
{
    private readonly Option<bool?> _firstLast = new("--first-last")
    {
        Description = "Whether the beginning and the end of each file are fetched first, as players need them.",
        HelpName = "BOOL",
    };
    private readonly Option<DataRate?> _peerDown =
        Values.RateOption("--max-peer-download", "The limit on payload received per second from each peer.");
    private readonly Option<DataRate?> _peerUp =
        Values.RateOption("--max-peer-upload", "The limit on payload sent per second to each peer.");
    private readonly Option<bool?> _useTrackers = new("--use-trackers")
    {
        Description = "Whether its trackers are asked for peers.",
        HelpName = "BOOL",
    };
    private readonly Option<TimeSpan?> _seedTime = Values.DurationOption(
        "--seed-time", "Time of seeding after which it has seeded enough, such as 90m or 2d; 0s is no limit.");
    private readonly Option<TimeSpan?> _seedIdle = Values.DurationOption(
        "--seed-idle-time", "Time of seeding without sending anything after which it has, 1m or more; 0s is no limit.");
    private readonly Option<string?> _seedEnd = OneOf("--seed-end", "What becomes of it then.", "stop", "remove", "remove-with-files");
    private readonly Option<string?> _seedChoking =
        OneOf("--seed-choking", "Which peers it uploads to as a seed.", "fastest-upload", "round-robin", "anti-leech");
    private readonly Option<bool> _usualSeedLimits = new("--usual-seed-limits")
    {
        Description = "Go back to the session's limits of seeding.",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [_firstLast, _peerDown, _peerUp, _useTrackers, _seedTime, _seedIdle, _seedEnd, _seedChoking, _usualSeedLimits])
            command.Add(option);
        command.Validators.Add(result =>
        {
            bool hasOwn = result.GetResult(_seedTime) is not null || result.GetResult(_seedIdle) is not null
                || result.GetResult(_seedEnd) is not null;
            if (hasOwn && result.GetResult(_usualSeedLimits) is not null)
                result.AddError("Either --usual-seed-limits or limits of its own.");
        });
    }

    /// <summary>Adds what is given to a change.</summary>
    public TorrentChange Apply(ParseResult parsed, TorrentChange change) => change with
    {
        FirstAndLastFirst = parsed.GetValue(_firstLast),
        MaxPeerDownloadRate = parsed.GetValue(_peerDown)?.BytesPerSecond,
        MaxPeerUploadRate = parsed.GetValue(_peerUp)?.BytesPerSecond,
        UseTrackers = parsed.GetValue(_useTrackers),
        SeedTime = SecondsOf(parsed.GetValue(_seedTime)),
        SeedIdleTime = SecondsOf(parsed.GetValue(_seedIdle)),
        SeedEnd = CodeOf<SeedEndCode>(parsed.GetValue(_seedEnd)),
        SeedChoking = CodeOf<SeedChokingCode>(parsed.GetValue(_seedChoking)),
        OwnSeedLimits = parsed.GetValue(_usualSeedLimits) ? false : null,
    };

    private static long? SecondsOf(TimeSpan? time) => time is { } given ? (long)Math.Ceiling(given.TotalSeconds) : null;

    private static T? CodeOf<T>(string? word)
        where T : struct, Enum =>
        word is null ? null : Enum.Parse<T>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);

    private static Option<string?> OneOf(string name, string description, params string[] words)
    {
        Option<string?> option = new(name) { Description = description, HelpName = string.Join('|', words) };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
