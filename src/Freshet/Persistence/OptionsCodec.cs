using System.Collections.Immutable;
using System.Net;
using System.Text;
using Freshet.Core.Bencoding;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Persistence;

/// <summary>
/// A torrent's options as a bencoded dictionary. Options at their defaults are left out; a key unknown to this version is kept for the
/// version that knows it; an invalid value is ignored, so that no option ever makes a torrent unusable.
/// </summary>
internal static class OptionsCodec
{
    private static readonly string[] Known =
    [
        "download-folder", "download-rate", "existing-files", "file-priorities", "first-last", "force-start", "incomplete-folder",
        "max-peers", "only-pieces", "peer-download-rate", "peer-upload-rate", "peers", "portable-names", "seed-choking", "seed-limits",
        "sequential", "stop-at-metadata", "super-seed", "trackers", "upload-rate", "upload-slots", "use-trackers", "user-data",
    ];

    private static readonly TorrentOptions Defaults = new();

    public static RecordEntries Write(TorrentOptions options, ImmutableArray<ForeignEntry> foreign)
    {
        RecordEntries entries = new();
        if (options.DownloadFolder is { } folder)
            entries.Add("download-folder"u8, folder);
        if (options.MaxDownloadRate is { } download)
            entries.Add("download-rate"u8, download.BytesPerSecond);
        if (options.ExistingFiles != Defaults.ExistingFiles)
            entries.Add("existing-files"u8, (int)options.ExistingFiles);
        if (options.FilePriorities.Any(priority => priority != FilePriority.Normal))
            entries.Add("file-priorities"u8, [.. options.FilePriorities.Select(static priority => (byte)('0' + priority))]);
        if (options.FirstAndLastFirst)
            entries.Add("first-last"u8, 1);
        if (options.ForceStart)
            entries.Add("force-start"u8, 1);
        if (options.IncompleteFolder is { } incomplete)
            entries.Add("incomplete-folder"u8, incomplete);
        if (options.MaxPeers != Defaults.MaxPeers)
            entries.Add("max-peers"u8, options.MaxPeers);
        if (!options.OnlyPieces.IsEmpty)
            entries.Add(
                "only-pieces"u8, writer => WriteList(writer, options.OnlyPieces, static (to, piece) => to.WriteInteger(piece.Value)));
        if (options.MaxPeerDownloadRate is { } fromPeer)
            entries.Add("peer-download-rate"u8, fromPeer.BytesPerSecond);
        if (options.MaxPeerUploadRate is { } toPeer)
            entries.Add("peer-upload-rate"u8, toPeer.BytesPerSecond);
        if (!options.Peers.IsEmpty)
            entries.Add("peers"u8, writer => WriteList(writer, options.Peers, static (to, peer) => to.WriteString(peer.ToString())));
        if (options.PortableNames)
            entries.Add("portable-names"u8, 1);
        if (options.SeedChoking != Defaults.SeedChoking)
            entries.Add("seed-choking"u8, (int)options.SeedChoking);
        if (options.SeedLimits is { } seedLimits)
            entries.Add("seed-limits"u8, SeedLimitsCodec.Write(seedLimits));
        if (options.Sequential)
            entries.Add("sequential"u8, 1);
        if (options.StopAtMetadata)
            entries.Add("stop-at-metadata"u8, 1);
        if (options.SuperSeed != Defaults.SuperSeed)
            entries.Add("super-seed"u8, (int)options.SuperSeed);
        if (options.Trackers is { } trackers)
            entries.Add("trackers"u8, writer => WriteList(writer, trackers, WriteTier));
        if (options.MaxUploadRate is { } upload)
            entries.Add("upload-rate"u8, upload.BytesPerSecond);
        if (options.UploadSlots is { } slots)
            entries.Add("upload-slots"u8, slots);
        if (!options.UseTrackers)
            entries.Add("use-trackers"u8, 0);
        if (!options.UserData.IsEmpty)
            entries.Add("user-data"u8, UserDataOf(options));
        entries.Add(foreign);
        return entries;
    }

    public static TorrentOptions Read(BencodeValue root, out ImmutableArray<ForeignEntry> foreign)
    {
        foreign = ForeignIn(root);
        TorrentOptions options = new()
        {
            DownloadFolder = Text(root["download-folder"u8]),
            MaxDownloadRate = Rate(root["download-rate"u8]),
            ExistingFiles = (ExistingFiles)(Number(root["existing-files"u8], 0, (int)ExistingFiles.Keep) ?? 0),
            FilePriorities = Priorities(root["file-priorities"u8].String),
            FirstAndLastFirst = Number(root["first-last"u8], 0, 1) == 1,
            ForceStart = Number(root["force-start"u8], 0, 1) == 1,
            MaxPeerDownloadRate = Rate(root["peer-download-rate"u8]),
            MaxPeerUploadRate = Rate(root["peer-upload-rate"u8]),
            IncompleteFolder = Text(root["incomplete-folder"u8]),
            MaxPeers = Number(root["max-peers"u8], 1, 10_000) ?? Defaults.MaxPeers,
            OnlyPieces = Pieces(root["only-pieces"u8]),
            Peers = Peers(root["peers"u8]),
            PortableNames = Number(root["portable-names"u8], 0, 1) == 1,
            SeedChoking = (SeedChoking)(Number(root["seed-choking"u8], 0, (int)SeedChoking.AntiLeech) ?? 0),
            SeedLimits = SeedLimitsCodec.Read(root["seed-limits"u8]),
            Sequential = Number(root["sequential"u8], 0, 1) == 1,
            StopAtMetadata = Number(root["stop-at-metadata"u8], 0, 1) == 1,
            SuperSeed = (SuperSeeding)(Number(root["super-seed"u8], 0, (int)SuperSeeding.Never) ?? 0),
            Trackers = Trackers(root["trackers"u8]),
            MaxUploadRate = Rate(root["upload-rate"u8]),
            UploadSlots = Number(root["upload-slots"u8], 1, 1_000),
            UseTrackers = Number(root["use-trackers"u8], 0, 1) != 0,
        };
        ImmutableDictionary<string, string> userData = UserData(root["user-data"u8]);
        return UserDataRules.FindError(userData) is null ? options with { UserData = userData } : options;
    }

    private static void WriteList<T>(BencodeWriter writer, ImmutableArray<T> items, Action<BencodeWriter, T> write)
    {
        writer.WriteListStart();
        foreach (T item in items)
            write(writer, item);
        writer.WriteEnd();
    }

    private static void WriteTier(BencodeWriter writer, ImmutableArray<string> tier) =>
        WriteList(writer, tier, static (to, tracker) => to.WriteString(tracker));

    // An empty list is one: no trackers at all.
    private static ImmutableArray<ImmutableArray<string>>? Trackers(BencodeValue list)
    {
        if (list.Kind != BencodeKind.List)
            return null;
        var tiers = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        foreach (BencodeValue tier in list.Items)
        {
            var urls = ImmutableArray.CreateBuilder<string>();
            foreach (BencodeValue url in tier.Items)
                urls.Add(Encoding.UTF8.GetString(url.String));
            tiers.Add(urls.ToImmutable());
        }

        ImmutableArray<ImmutableArray<string>> read = tiers.ToImmutable();
        return TrackerRules.FindError(read) is null ? read : null;
    }

    private static RecordEntries UserDataOf(TorrentOptions options)
    {
        RecordEntries entries = new();
        foreach ((string key, string value) in options.UserData)
            entries.Add(Encoding.UTF8.GetBytes(key), value);
        return entries;
    }

    private static ImmutableArray<ForeignEntry> ForeignIn(BencodeValue root)
    {
        ImmutableArray<ForeignEntry>.Builder? found = null;
        foreach (BencodeEntry entry in root.Entries)
        {
            if (!Known.Contains(Encoding.UTF8.GetString(entry.Key), StringComparer.Ordinal))
                (found ??= ImmutableArray.CreateBuilder<ForeignEntry>()).Add(
                    new ForeignEntry(entry.Key.ToArray(), entry.Value.Raw.ToArray()));
        }

        return found?.ToImmutable() ?? [];
    }

    private static string? Text(BencodeValue value)
    {
        string text = Encoding.UTF8.GetString(value.String);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private static int? Number(BencodeValue value, int least, int most) =>
        value.TryGetInteger(out long number) && number >= least && number <= most ? (int)number : null;

    private static DataRate? Rate(BencodeValue value) =>
        value.TryGetInteger(out long rate) && rate >= TorrentOptions.LeastRate ? new DataRate(rate) : null;

    private static ImmutableArray<FilePriority> Priorities(ReadOnlySpan<byte> digits)
    {
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)('0' + FilePriority.High)))
            return [];
        var priorities = ImmutableArray.CreateBuilder<FilePriority>(digits.Length);
        foreach (byte digit in digits)
            priorities.Add((FilePriority)(digit - '0'));
        return priorities.MoveToImmutable();
    }

    private static ImmutableArray<PieceIndex> Pieces(BencodeValue list)
    {
        var pieces = ImmutableArray.CreateBuilder<PieceIndex>();
        foreach (BencodeValue item in list.Items)
        {
            if (Number(item, 0, int.MaxValue) is { } piece)
                pieces.Add(new PieceIndex(piece));
        }

        return pieces.ToImmutable();
    }

    private static ImmutableArray<IPEndPoint> Peers(BencodeValue list)
    {
        var peers = ImmutableArray.CreateBuilder<IPEndPoint>();
        foreach (BencodeValue item in list.Items)
        {
            if (IPEndPoint.TryParse(Encoding.UTF8.GetString(item.String), out IPEndPoint? peer))
                peers.Add(peer);
        }

        return peers.ToImmutable();
    }

    private static ImmutableDictionary<string, string> UserData(BencodeValue root)
    {
        ImmutableDictionary<string, string>.Builder? data = null;
        foreach (BencodeEntry entry in root.Entries)
            (data ??= ImmutableDictionary.CreateBuilder<string, string>())[Encoding.UTF8.GetString(entry.Key)] =
                Encoding.UTF8.GetString(entry.Value.String);
        return data?.ToImmutable() ?? ImmutableDictionary<string, string>.Empty;
    }
}
