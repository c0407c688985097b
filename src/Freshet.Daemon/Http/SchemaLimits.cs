using System.Text.Json;
using System.Text.Json.Nodes;
using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Http;

/// <summary>
/// What the members of requests may be, for the description. Whatever is beyond is refused, by the code that reads the member or by the
/// engine; a test sends both sides of each of these limits.
/// </summary>
internal static class SchemaLimits
{
    // The engine's own, as are those of MaxPeers and UploadSlots.
    private const int MaxTrackers = 200;

    public static readonly ValueLimits Labels = new()
    {
        MaxItems = Bounds.MaxLabels,
        Items = new ValueLimits { MaxLength = Bounds.MaxLabelLength },
    };

    public static readonly ValueLimits Category = new() { MaxLength = Bounds.MaxLabelLength };
    private static readonly ValueLimits Peers = new() { MaxItems = Bounds.MaxPeersInRequest };
    private static readonly ValueLimits MaxPeers = new() { Least = 1, Most = 10_000 };
    private static readonly ValueLimits UploadSlots = new() { Least = 0, Most = 1_000 };

    private static readonly (string Record, string Member, ValueLimits Limits)[] All =
    [
        .. SettingsRules.Numbers.Select(pair => (nameof(SessionChange), pair.Key, pair.Value)),
        (nameof(SessionChange), nameof(SessionChange.Schedule), new() { MaxItems = Bounds.MaxSchedule }),
        (nameof(SessionChange), nameof(SessionChange.ProxyFor), new() { MinItems = 1 }),
        (nameof(ScheduledLimit), nameof(ScheduledLimit.Days), new() { MinItems = 1 }),
        (nameof(ScheduledLimit), nameof(ScheduledLimit.MaxDownloadRate), SettingsRules.Rate),
        (nameof(ScheduledLimit), nameof(ScheduledLimit.MaxUploadRate), SettingsRules.Rate),
        (nameof(AddTorrent), nameof(AddTorrent.Labels), Labels),
        (nameof(AddTorrent), nameof(AddTorrent.Category), Category),
        (nameof(AddTorrent), nameof(AddTorrent.MaxDownloadRate), SettingsRules.Rate),
        (nameof(AddTorrent), nameof(AddTorrent.MaxUploadRate), SettingsRules.Rate),
        (nameof(AddTorrent), nameof(AddTorrent.MaxPeers), MaxPeers),
        (nameof(AddTorrent), nameof(AddTorrent.UploadSlots), UploadSlots),
        (nameof(AddTorrent), nameof(AddTorrent.Peers), Peers),
        (nameof(TorrentChange), nameof(TorrentChange.Labels), Labels),
        (nameof(TorrentChange), nameof(TorrentChange.AddLabels), Labels),
        (nameof(TorrentChange), nameof(TorrentChange.Category), Category),
        (nameof(TorrentChange), nameof(TorrentChange.MaxDownloadRate), SettingsRules.Rate),
        (nameof(TorrentChange), nameof(TorrentChange.MaxUploadRate), SettingsRules.Rate),
        (nameof(TorrentChange), nameof(TorrentChange.MaxPeerDownloadRate), SettingsRules.Rate),
        (nameof(TorrentChange), nameof(TorrentChange.MaxPeerUploadRate), SettingsRules.Rate),
        (nameof(TorrentChange), nameof(TorrentChange.SeedRatio), SeedLimitsMap.Ratio),
        (nameof(TorrentChange), nameof(TorrentChange.SeedTime), SeedLimitsMap.Time),
        (nameof(TorrentChange), nameof(TorrentChange.SeedIdleTime), SeedLimitsMap.IdleTime),
        (nameof(TorrentChange), nameof(TorrentChange.MaxPeers), MaxPeers),
        (nameof(TorrentChange), nameof(TorrentChange.UploadSlots), UploadSlots),
        (nameof(TorrentChange), nameof(TorrentChange.Trackers), new()
        {
            MaxItems = MaxTrackers,
            Items = new ValueLimits { MinItems = 1, MaxItems = MaxTrackers },
        }),
        (nameof(AddPeers), nameof(AddPeers.Peers), Peers),
        (nameof(BulkRequest), nameof(BulkRequest.Hashes), new() { MaxItems = Bounds.MaxPage }),
        (nameof(FileChange), nameof(FileChange.Files), new() { Items = new ValueLimits { Least = 0 } }),
        (nameof(CreateTorrent), nameof(CreateTorrent.PieceLength), new()
        {
            Least = PieceLengthChooser.Shortest,
            Most = MetainfoBuilder.MaxPieceLength,
            OrZero = true,
        }),
    ];

    /// <summary>Adds them to the schema of a record.</summary>
    public static void AddTo(string record, JsonNode schema)
    {
        foreach ((_, string member, ValueLimits limits) in All.Where(each => each.Record == record))
            limits.AddTo(schema["properties"]![JsonNamingPolicy.CamelCase.ConvertName(member)]!);
    }
}
