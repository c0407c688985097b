using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Daemon.Countries;

/// <summary>
/// A MaxMind DB, version 2: a binary tree over the bits of addresses whose leaves point into the data behind it, then metadata. The file is
/// not trusted; lookups in invalid parts find nothing. Immutable.
/// </summary>
internal sealed class MaxMindDatabase
{
    // Between tree and data.
    private const int Gap = 16;
    private const int BitsBeforeV4 = 96;
    private static readonly byte[] Marker = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    private readonly ReadOnlyMemory<byte> _tree;
    private readonly ReadOnlyMemory<byte> _data;
    private readonly uint _nodes;
    private readonly int _recordBits;
    private readonly bool _hasV6;
    private readonly uint _firstOfV4;

    private MaxMindDatabase(ReadOnlyMemory<byte> file, uint nodes, int recordBits, bool hasV6, int treeLength)
    {
        (_nodes, _recordBits, _hasV6) = (nodes, recordBits, hasV6);
        _tree = file[..treeLength];
        _data = file[(treeLength + Gap)..];
        for (int bit = 0; hasV6 && bit < BitsBeforeV4 && _firstOfV4 < nodes; bit++)
            _firstOfV4 = Child(_firstOfV4, right: false);
    }

    /// <summary>Parses the metadata of a database.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="database">The database.</param>
    /// <param name="error">Why it is invalid, for people.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> file, [NotNullWhen(true)] out MaxMindDatabase? database, [NotNullWhen(false)] out string? error)
    {
        database = null;
        int searched = Math.Max(0, file.Length - MaxMindLimits.MaxMetadata);
        int marker = file.Span[searched..].LastIndexOf(Marker);
        if (marker < 0)
        {
            error = "it has no metadata of a MaxMind DB";
            return false;
        }

        MaxMindReader metadata = new(file.Span[(searched + marker + Marker.Length)..]);
        if (!TryNumber(ref metadata, "binary_format_major_version"u8, out uint version) || version != 2)
            error = "it is not a MaxMind DB of version 2";
        else if (!TryNumber(ref metadata, "node_count"u8, out uint nodes)
            || !TryNumber(ref metadata, "record_size"u8, out uint bits) || bits is not (24 or 28 or 32)
            || !TryNumber(ref metadata, "ip_version"u8, out uint family) || family is not (4 or 6))
            error = "its metadata makes no sense";
        else if (nodes * (ulong)bits / 4 + Gap > (ulong)(searched + marker))
            error = "it is cut off";
        else
        {
            error = null;
            database = new MaxMindDatabase(file[..(searched + marker)], nodes, (int)bits, family == 6, (int)(nodes * (ulong)bits / 4));
        }

        return database is not null;
    }

    /// <summary>The country of an address, two capital letters; null if the database does not know it.</summary>
    public string? FindCountry(IPAddress address)
    {
        if (!TryFind(address, out int at))
            return null;
        MaxMindReader reader = new(_data.Span);
        string code = "";
        bool isFound = (reader.TryMember(at, "country"u8, out int country) || reader.TryMember(at, "registered_country"u8, out country))
            && reader.TryMember(country, "iso_code"u8, out int text)
            && reader.TryText(text, out code);
        return isFound && code.Length == 2 && code.All(char.IsAsciiLetterUpper) ? code : null;
    }

    private static bool TryNumber(ref MaxMindReader metadata, ReadOnlySpan<byte> name, out uint number)
    {
        number = 0;
        return metadata.TryMember(0, name, out int at) && metadata.TryNumber(at, out number);
    }

    /// <summary>Where in the data the record of an address begins.</summary>
    private bool TryFind(IPAddress address, out int at)
    {
        at = 0;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        if (isV6 && !_hasV6)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        uint node = isV6 ? 0 : _firstOfV4;
        for (int bit = 0; bit < length * 8 && node < _nodes; bit++)
            node = Child(node, (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0);
        if (node < _nodes + Gap)
            return false;
        at = (int)Math.Min(node - _nodes - Gap, int.MaxValue);
        return true;
    }

    private uint Child(uint node, bool right)
    {
        ReadOnlySpan<byte> record = _tree.Span.Slice((int)(node * (ulong)_recordBits / 4), _recordBits / 4);
        return _recordBits switch
        {
            24 => right ? Three(record[3..]) : Three(record),
            28 => right ? ((record[3] & 0x0FU) << 24) | Three(record[4..]) : ((uint)(record[3] >> 4) << 24) | Three(record),
            _ => (Three(record[(right ? 4 : 0)..]) << 8) | record[right ? 7 : 3],
        };
    }

    private static uint Three(ReadOnlySpan<byte> bytes) => ((uint)bytes[0] << 16) | ((uint)bytes[1] << 8) | bytes[2];
}
