using System.Net;
using System.Text;

namespace Freshet.Daemon.Tests.Countries;

/// <summary>Creates MaxMind DBs, version 2, of networks and countries.</summary>
internal sealed class MaxMindFile(bool hasV6 = true)
{
    private const uint Empty = uint.MaxValue;
    private const uint Leaf = 0x8000_0000;
    private readonly List<uint[]> _nodes = [[Empty, Empty]];
    private readonly List<string> _countries = [];

    public MaxMindFile Add(string network, string country)
    {
        IPNetwork parsed = IPNetwork.Parse(network);
        byte[] bytes = parsed.BaseAddress.GetAddressBytes();
        int length = parsed.PrefixLength;
        if (hasV6 && bytes.Length == 4)
        {
            bytes = [.. new byte[12], .. bytes];
            length += 96;
        }

        int node = 0;
        for (int bit = 0; bit < length; bit++)
        {
            int side = (bytes[bit / 8] >> (7 - (bit % 8))) & 1;
            if (bit == length - 1)
            {
                _nodes[node][side] = Leaf | (uint)_countries.Count;
            }
            else if (_nodes[node][side] == Empty)
            {
                _nodes[node][side] = (uint)_nodes.Count;
                _nodes.Add([Empty, Empty]);
            }

            node = (int)(_nodes[node][side] & ~Leaf);
        }

        _countries.Add(country);
        return this;
    }

    public byte[] Build(int recordBits = 24, int version = 2)
    {
        // Keys are stored once, as in real databases, and records point to them.
        List<byte> data = [.. Text("country"), .. Text("iso_code"), .. Text("names"), .. Text("en")];
        uint[] places = new uint[_countries.Count];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = (uint)data.Count;
            data.AddRange([0xE2, .. Text("continent"), 0xE1, .. Text("code"), .. Text("XX"), .. Pointer(0), 0xE2]);
            data.AddRange([.. Pointer(17), 0xE1, .. Pointer(23), .. Text(new string('n', 40)), .. Pointer(8), .. Text(_countries[i])]);
        }

        List<byte> file = [];
        foreach (uint[] node in _nodes)
            WriteNode(file, RecordOf(node[0], places), RecordOf(node[1], places), recordBits);
        byte[] metadata =
        [
            0xE4, .. Text("binary_format_major_version"), 0xA1, (byte)version,
            .. Text("node_count"), 0xC4, .. BigEndian((uint)_nodes.Count),
            .. Text("record_size"), 0xA1, (byte)recordBits, .. Text("ip_version"), 0xA1, (byte)(hasV6 ? 6 : 4),
        ];
        return [.. file, .. new byte[16], .. data, 0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8, .. metadata];
    }

    private uint RecordOf(uint child, uint[] places) => child switch
    {
        Empty => (uint)_nodes.Count,
        >= Leaf => (uint)_nodes.Count + 16 + places[child & ~Leaf],
        _ => child,
    };

    private static void WriteNode(List<byte> file, uint left, uint right, int bits)
    {
        (byte[] l, byte[] r) = (BigEndian(left), BigEndian(right));
        byte[] node = bits switch
        {
            24 => [.. l[1..], .. r[1..]],
            28 => [.. l[1..], (byte)((l[0] << 4) | r[0]), .. r[1..]],
            _ => [.. l, .. r],
        };
        file.AddRange(node);
    }

    private static byte[] Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length < 29 ? [(byte)(0x40 | bytes.Length), .. bytes] : [0x5D, (byte)(bytes.Length - 29), .. bytes];
    }

    private static byte[] Pointer(int target) => [0x20, (byte)target];

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
