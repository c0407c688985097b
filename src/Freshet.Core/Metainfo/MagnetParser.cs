using System.Collections.Immutable;
using System.Globalization;

namespace Freshet.Core.Metainfo;

/// <summary>Parses a single magnet link. Parameters that are unknown, unusable or repeated too often are ignored.</summary>
internal sealed class MagnetParser
{
    /// <summary>The prefix of a version 2 hash: the multihash code for SHA-256 (0x12) with 32 bytes (0x20).</summary>
    public const string Sha256Multihash = "1220";

    private const string Scheme = "magnet:?";
    private const string V1Prefix = "urn:btih:";
    private const string V2Prefix = "urn:btmh:";

    private readonly ImmutableArray<string>.Builder _trackers = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _webSeeds = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _peers = ImmutableArray.CreateBuilder<string>();
    private ImmutableArray<FileRange> _files = [];
    private InfoHash? _infoHash;
    private InfoHashV2? _infoHashV2;
    private string? _name;

    /// <summary>Why the link cannot be used; null if no error was found.</summary>
    public string? Error { get; private set; }

    public MagnetLink? Parse(string text)
    {
        if (!Read(text.AsSpan().Trim()))
            return null;
        return new MagnetLink
        {
            InfoHash = _infoHash,
            InfoHashV2 = _infoHashV2,
            DisplayName = _name,
            Trackers = _trackers.ToImmutable(),
            WebSeeds = _webSeeds.ToImmutable(),
            Peers = _peers.ToImmutable(),
            SelectedFiles = _files,
        };
    }

    private bool Read(ReadOnlySpan<char> text)
    {
        // The limit applies to the length of the link when it is written: whatever is parsed can be written and parsed again.
        if (text.Length > MetainfoLimits.MaxMagnetLength
            || Uri.EscapeDataString(Uri.UnescapeDataString(text)).Length > MetainfoLimits.MaxMagnetLength)
            return Fail("the magnet link is too long");
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return Fail($"a magnet link begins with {Scheme}");
        ReadOnlySpan<char> parameters = text[Scheme.Length..];
        foreach (Range range in parameters.Split('&'))
        {
            if (!ReadParameter(parameters[range]))
                return false;
        }

        return _infoHash is not null || _infoHashV2 is not null || Fail("the magnet link has no info-hash: xt=urn:btih:… is missing");
    }

    private bool ReadParameter(ReadOnlySpan<char> parameter)
    {
        // Links copied from HTML source have &amp; between their parameters.
        if (parameter.StartsWith("amp;", StringComparison.OrdinalIgnoreCase))
            parameter = parameter["amp;".Length..];
        int equals = parameter.IndexOf('=');
        if (equals < 0)
            return true;
        ReadOnlySpan<char> key = WithoutNumber(parameter[..equals]);
        ReadOnlySpan<char> value = parameter[(equals + 1)..];
        switch (key)
        {
            case "xt":
                return ReadTopic(Uri.UnescapeDataString(value));
            case "dn":
                if (!value.IsEmpty)
                    _name ??= Uri.UnescapeDataString(value.ToString().Replace('+', ' '));
                return true;
            case "tr":
                AddUrl(_trackers, MetainfoLimits.MaxTrackers, value);
                return true;
            case "ws":
                AddUrl(_webSeeds, MetainfoLimits.MaxWebSeeds, value);
                return true;
            case "x.pe":
                AddPeer(Uri.UnescapeDataString(value));
                return true;
            case "so":
                return ReadSelection(Uri.UnescapeDataString(value));
            default:
                return true;
        }
    }

    private bool ReadTopic(string topic)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        if (topic.StartsWith(V1Prefix, StringComparison.OrdinalIgnoreCase))
        {
            string digits = topic[V1Prefix.Length..];
            if (!InfoHash.TryParseHex(digits, out InfoHash hash))
            {
                if (!Base32.TryDecode(digits, bytes))
                    return Fail($"xt: an info-hash has 40 hexadecimal or 32 base-32 digits, this has {digits.Length}");
                hash = new InfoHash(bytes);
            }

            if (_infoHash is InfoHash other && other != hash)
                return Fail("xt: the magnet link names two torrents");
            _infoHash = hash;
        }
        else if (topic.StartsWith(V2Prefix, StringComparison.OrdinalIgnoreCase))
        {
            string digits = topic[V2Prefix.Length..];
            if (!digits.StartsWith(Sha256Multihash, StringComparison.Ordinal)
                || !InfoHashV2.TryParseHex(digits[Sha256Multihash.Length..], out InfoHashV2 hash))
            {
                return Fail("xt: a version 2 info-hash is 1220 and 64 hexadecimal digits");
            }

            if (_infoHashV2 is InfoHashV2 other && other != hash)
                return Fail("xt: the magnet link names two torrents");
            _infoHashV2 = hash;
        }

        return true;
    }

    private bool ReadSelection(string value)
    {
        var files = ImmutableArray.CreateBuilder<FileRange>();
        foreach (string part in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int dash = part.IndexOf('-');
            ReadOnlySpan<char> first = dash < 0 ? part : part.AsSpan(0, dash);
            ReadOnlySpan<char> last = dash < 0 ? part : part.AsSpan(dash + 1);
            if (!TryReadIndex(first, out int from) || !TryReadIndex(last, out int to) || from > to)
                continue;
            if (files.Count == MetainfoLimits.MaxMagnetFileRanges)
                return Fail($"so: more than {MetainfoLimits.MaxMagnetFileRanges} ranges of files");
            files.Add(new FileRange(from, to));
        }

        _files = files.ToImmutable();
        return true;
    }

    private static void AddUrl(ImmutableArray<string>.Builder urls, int most, ReadOnlySpan<char> value)
    {
        if (urls.Count == most)
            return;
        string url = Uri.UnescapeDataString(value).Trim();
        if (url.Length <= MetainfoLimits.MaxUrlLength && Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed.Host.Length > 0
            && !urls.Contains(url))
            urls.Add(url);
    }

    private void AddPeer(string peer)
    {
        int colon = peer.LastIndexOf(':');
        if (_peers.Count == MetainfoLimits.MaxNodes || colon <= 0
            || !ushort.TryParse(peer.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            return;
        }

        string host = peer[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        UriHostNameType type = Uri.CheckHostName(bracketed ? host[1..^1] : host);
        if (bracketed ? type == UriHostNameType.IPv6 : type is UriHostNameType.IPv4 or UriHostNameType.Dns)
            _peers.Add(peer);
    }

    /// <summary>Removes the number from numbered parameters: tr.1, tr.2, xt.1.</summary>
    private static ReadOnlySpan<char> WithoutNumber(ReadOnlySpan<char> key)
    {
        int dot = key.LastIndexOf('.');
        return dot > 0 && dot < key.Length - 1 && !key[(dot + 1)..].ContainsAnyExceptInRange('0', '9') ? key[..dot] : key;
    }

    private static bool TryReadIndex(ReadOnlySpan<char> text, out int index) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < Limits.MaxFiles;

    private bool Fail(string error)
    {
        Error = error;
        return false;
    }
}
