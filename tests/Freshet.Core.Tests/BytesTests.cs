using System.Buffers.Binary;
using Freshet.Core.Dht;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests;

public class BytesTests
{
    private const int Keys = 4_096;

    [Fact]
    public void Sixteen_bytes_are_returned_unchanged_and_are_ordered_as_numbers()
    {
        byte[] bytes = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        Bytes16 value = new(bytes);
        byte[] copy = new byte[16];
        value.CopyTo(copy);
        Assert.Equal(bytes, copy);
        Bytes16[] ordered = [new(0, 0), new(0, ulong.MaxValue), new(1, 0), new(1, 1), new(ulong.MaxValue, 0)];
        Assert.Equal(ordered, ordered.Reverse().Order());
        Assert.Equal(0, value.CompareTo(new Bytes16(bytes)));
    }

    [Fact]
    public void Twenty_bytes_are_returned_unchanged()
    {
        byte[] bytes = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];
        Bytes20 value = new(bytes);
        Assert.Equal(bytes, value.ToArray());
        Assert.True(Bytes20.TryParseHex(value.ToString(), out Bytes20 parsed));
        Assert.Equal(value, parsed);
        Assert.Equal(value.GetHashCode(), parsed.GetHashCode());
    }

    [Fact]
    public void Thirty_two_bytes_are_returned_unchanged()
    {
        byte[] bytes = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        Bytes32 value = new(bytes);
        Assert.Equal(bytes, value.ToArray());
        Assert.True(Bytes32.TryParseHex(value.ToString(), out Bytes32 parsed));
        Assert.Equal(value, parsed);
        Assert.Equal(value.GetHashCode(), parsed.GetHashCode());
    }

    // The hash code of UInt64 is the exclusive or of its halves, and that of a record is a sum, so all of these keys had the same one.
    [Fact]
    public void Keys_made_to_collide_do_not()
    {
        Assert.InRange(DistinctHashCodes(20, bytes => new Bytes20(bytes).GetHashCode()), Keys - 10, Keys);
        Assert.InRange(DistinctHashCodes(20, bytes => new InfoHash(bytes).GetHashCode()), Keys - 10, Keys);
        Assert.InRange(DistinctHashCodes(20, bytes => new PeerId(bytes).GetHashCode()), Keys - 10, Keys);
        Assert.InRange(DistinctHashCodes(20, bytes => new NodeId(bytes).GetHashCode()), Keys - 10, Keys);
        Assert.InRange(DistinctHashCodes(32, bytes => new Bytes32(bytes).GetHashCode()), Keys - 10, Keys);
        Assert.InRange(DistinctHashCodes(32, bytes => new InfoHashV2(bytes).GetHashCode()), Keys - 10, Keys);
    }

    private static int DistinctHashCodes(int length, Func<byte[], int> hash)
    {
        HashSet<int> codes = [];
        for (uint i = 0; i < Keys; i++)
        {
            byte[] bytes = new byte[length];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, i);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), i);
            codes.Add(hash(bytes));
        }

        return codes.Count;
    }
}
