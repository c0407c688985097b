using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Metainfo;

/// <summary>
/// Parses a torrent's references: trackers, web seeds, DHT nodes, similar torrents. Unusable entries are left out with a warning.
/// </summary>
internal sealed class MetainfoLinks(MetainfoParse parse)
{
    private static readonly string[] TrackerSchemes = ["http", "https", "udp", "ws", "wss"];
    private static readonly string[] WebSeedSchemes = ["http", "https", "ftp"];

    /// <summary>The tiers of <c>announce-list</c>, or <c>announce</c> if there are none (BEP 12).</summary>
    public ImmutableArray<ImmutableArray<string>> ReadTrackers(BencodeValue root)
    {
        var tiers = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        BencodeValue list = root["announce-list"u8];
        if (parse.Is(list, BencodeKind.List, "announce-list"u8))
        {
            foreach (BencodeValue tier in list.Items)
            {
                // Some torrents contain a flat list; each of its strings becomes a tier.
                ImmutableArray<string> trackers = tier.Kind == BencodeKind.List
                    ? ReadTier(tier.Items, seen)
                    : ReadUrl(tier, "announce-list", TrackerSchemes) is string tracker && seen.Add(tracker) ? [tracker] : [];
                if (!trackers.IsEmpty)
                    tiers.Add(trackers);
                if (seen.Count >= MetainfoLimits.MaxTrackers)
                    break;
            }
        }

        BencodeValue announce = root["announce"u8];
        if (tiers.Count == 0 && !announce.IsMissing && ReadUrl(announce, "announce", TrackerSchemes) is string only)
            tiers.Add([only]);
        if (seen.Count >= MetainfoLimits.MaxTrackers)
            parse.Warnings.Add("announce-list", $"only the first {MetainfoLimits.MaxTrackers} trackers are used");
        return tiers.ToImmutable();
    }

    /// <summary><c>url-list</c>: a list, or a single string (BEP 19).</summary>
    public ImmutableArray<string> ReadWebSeeds(BencodeValue root)
    {
        BencodeValue list = root["url-list"u8];
        if (list.Kind == BencodeKind.String)
            return list.String.IsEmpty || ReadUrl(list, "url-list", WebSeedSchemes) is not string url ? [] : [url];
        if (!parse.Is(list, BencodeKind.List, "url-list"u8))
            return [];
        var seeds = ImmutableArray.CreateBuilder<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (BencodeValue item in list.Items)
        {
            if (ReadUrl(item, "url-list", WebSeedSchemes) is not string seed || !seen.Add(seed))
                continue;
            seeds.Add(seed);
            if (seeds.Count == MetainfoLimits.MaxWebSeeds)
                break;
        }

        return seeds.ToImmutable();
    }

    /// <summary><c>nodes</c>: pairs of host and port (BEP 5).</summary>
    public ImmutableArray<string> ReadNodes(BencodeValue root)
    {
        BencodeValue list = root["nodes"u8];
        if (!parse.Is(list, BencodeKind.List, "nodes"u8))
            return [];
        var nodes = ImmutableArray.CreateBuilder<string>();
        foreach (BencodeValue pair in list.Items)
        {
            if (ReadNode(pair) is string node)
                nodes.Add(node);
            else
                parse.Warnings.Add("nodes", "an entry that is not a host and port was ignored");
            if (nodes.Count == MetainfoLimits.MaxNodes)
                break;
        }

        return nodes.ToImmutable();
    }

    /// <summary><c>similar</c>: info-hashes, in the info dictionary or beside it (BEP 38).</summary>
    public ImmutableArray<InfoHash> ReadSimilar(BencodeValue root, BencodeValue info)
    {
        var similar = ImmutableArray.CreateBuilder<InfoHash>();
        var seen = new HashSet<InfoHash>();
        AddSimilar(info["similar"u8], similar, seen);
        AddSimilar(root["similar"u8], similar, seen);
        return similar.ToImmutable();
    }

    private void AddSimilar(BencodeValue list, ImmutableArray<InfoHash>.Builder similar, HashSet<InfoHash> seen)
    {
        if (!parse.Is(list, BencodeKind.List, "similar"u8))
            return;
        foreach (BencodeValue item in list.Items)
        {
            if (similar.Count == MetainfoLimits.MaxSimilar)
                return;
            if (item.Kind != BencodeKind.String || item.String.Length != InfoHash.Length)
                parse.Warnings.Add("similar", "an entry that is not an info-hash was ignored");
            else if (new InfoHash(item.String) is var hash && seen.Add(hash))
                similar.Add(hash);
        }
    }

    private ImmutableArray<string> ReadTier(BencodeItems items, HashSet<string> seen)
    {
        var tier = ImmutableArray.CreateBuilder<string>();
        foreach (BencodeValue item in items)
        {
            if (seen.Count >= MetainfoLimits.MaxTrackers)
                break;
            if (ReadUrl(item, "announce-list", TrackerSchemes) is string tracker && seen.Add(tracker))
                tier.Add(tracker);
        }

        return tier.ToImmutable();
    }

    private string? ReadUrl(BencodeValue value, string field, string[] schemes)
    {
        if (value.Kind == BencodeKind.String && value.String.Length <= MetainfoLimits.MaxUrlLength)
        {
            string text = Encoding.UTF8.GetString(value.String).Trim();
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && schemes.Contains(url.Scheme) && url.Host.Length > 0)
                return text;
            if (text.Length == 0)
                return null;
        }

        parse.Warnings.Add(field, "an entry that is not a usable URL was ignored");
        return null;
    }

    private static string? ReadNode(BencodeValue pair)
    {
        BencodeItems items = pair.Items;
        if (!items.MoveNext() || items.Current.Kind != BencodeKind.String)
            return null;
        ReadOnlySpan<byte> host = items.Current.String;
        if (!items.MoveNext() || !items.Current.TryGetInteger(out long port) || port is < 1 or > 65535)
            return null;
        string name = host.Length <= 255 ? Encoding.ASCII.GetString(host).Trim('[', ']') : "";
        return Uri.CheckHostName(name) switch
        {
            UriHostNameType.Unknown => null,
            UriHostNameType.IPv6 => string.Create(CultureInfo.InvariantCulture, $"[{name}]:{port}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{name}:{port}"),
        };
    }
}
