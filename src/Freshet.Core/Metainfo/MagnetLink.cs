using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Freshet.Core.Metainfo;

/// <summary>A magnet link (BEP 9, 53): a torrent by its info-hash, and where to find the rest. At least one of the hashes is set.</summary>
public sealed record MagnetLink
{
    /// <summary>The SHA-1 info-hash (<c>xt=urn:btih:</c>), or null.</summary>
    public InfoHash? InfoHash { get; init; }

    /// <summary>The SHA-256 info-hash (<c>xt=urn:btmh:1220…</c>), or null.</summary>
    public InfoHashV2? InfoHashV2 { get; init; }

    /// <summary>The name to show until the torrent's own name is known (<c>dn</c>), or null. Not safe as a file name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Trackers (<c>tr</c>), each in a tier of its own.</summary>
    public ImmutableArray<string> Trackers { get; init; } = [];

    /// <summary>Web seeds (<c>ws</c>).</summary>
    public ImmutableArray<string> WebSeeds { get; init; } = [];

    /// <summary>Peers to dial, <c>host:port</c> (<c>x.pe</c>).</summary>
    public ImmutableArray<string> Peers { get; init; } = [];

    /// <summary>The files to download (<c>so</c>); all if empty.</summary>
    public ImmutableArray<FileRange> SelectedFiles { get; init; } = [];

    /// <summary>The hash that identifies the torrent in handshakes and at trackers.</summary>
    public InfoHash SwarmHash => InfoHash ?? InfoHashV2!.Value.Truncate();

    /// <summary>Parses a magnet link.</summary>
    /// <param name="text">The link; surrounding white space is ignored.</param>
    /// <param name="link">The parsed link, or null.</param>
    /// <param name="error">Why the link cannot be used, as text for people, or null.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MagnetLink? link, [NotNullWhen(false)] out string? error)
    {
        var parser = new MagnetParser();
        link = parser.Parse(text ?? "");
        error = parser.Error;
        return link is not null;
    }

    /// <summary>Creates the link of a torrent, with its hashes, name, trackers and web seeds.</summary>
    public static MagnetLink Of(TorrentMetainfo metainfo)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        return new MagnetLink
        {
            InfoHash = metainfo.InfoHash,
            InfoHashV2 = metainfo.InfoHashV2,
            DisplayName = metainfo.Name,
            Trackers = [.. metainfo.Trackers.SelectMany(tier => tier)],
            WebSeeds = metainfo.WebSeeds,
        };
    }

    /// <summary>The link, in the parameter order and with the escapes that every client understands.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("magnet:?");
        if (InfoHash is InfoHash hash)
            text.Append("xt=urn:btih:").Append(hash);
        if (InfoHashV2 is InfoHashV2 hashV2)
            text.Append(InfoHash is null ? "" : "&").Append("xt=urn:btmh:").Append(MagnetParser.Sha256Multihash).Append(hashV2);
        if (DisplayName is not null)
            Append(text, "dn", DisplayName);
        foreach (string tracker in Trackers)
            Append(text, "tr", tracker);
        foreach (string seed in WebSeeds)
            Append(text, "ws", seed);
        foreach (string peer in Peers)
            text.Append("&x.pe=").Append(peer);
        if (!SelectedFiles.IsEmpty)
            text.Append("&so=").AppendJoin(',', SelectedFiles);
        return text.ToString();
    }

    /// <summary>Links are equal if their text is.</summary>
    public bool Equals(MagnetLink? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => SwarmHash.GetHashCode();

    private static void Append(StringBuilder text, string key, string value) =>
        text.Append('&').Append(key).Append('=').Append(Uri.EscapeDataString(value));
}
