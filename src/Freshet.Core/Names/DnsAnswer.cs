using System.Buffers.Binary;
using System.Text;

namespace Freshet.Core.Names;

/// <summary>
/// Reads what a name server answers to a <see cref="DnsQuery"/>. The server has followed aliases (CNAME records) for us, so every record
/// of the kind that was asked for is one of the host.
/// </summary>
internal static class DnsAnswer
{
    private const ushort IsResponse = 0x8000;
    private const ushort IsTruncated = 0x0200;
    private const int CodeMask = 0x000F;
    private const int NameError = 3;
    private const int RecordLength = 10;
    private const byte Pointer = 0xC0;

    /// <summary>Reads a message.</summary>
    /// <param name="message">The message, without the length that precedes it over TCP.</param>
    /// <param name="query">The query.</param>
    /// <param name="records">
    /// Receives the records that were asked for: of addresses their bytes, at most <see cref="DnsLimits.MaxAddresses"/>; of texts what
    /// <see cref="TextOf"/> reads, at most <see cref="DnsLimits.MaxTexts"/>.
    /// </param>
    public static DnsOutcome Read(ReadOnlySpan<byte> message, DnsQuery query, List<byte[]> records)
    {
        // Whoever guesses the id must have been asked the same, too.
        Span<byte> asked = stackalloc byte[DnsLimits.MaxDatagram];
        if (!query.TryWrite(asked, out int length) || message.Length < length || !IsFor(asked[..length], message))
            return DnsOutcome.NotTheAnswer;
        int flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        if ((flags & CodeMask) == NameError)
            return DnsOutcome.NoSuchName;
        if ((flags & CodeMask) != 0)
            return DnsOutcome.Failed;
        if ((flags & IsTruncated) != 0)
            return DnsOutcome.Truncated;
        int count = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        int known = records.Count;
        if (TryReadRecords(message[length..], count, query, records))
            return DnsOutcome.Found;
        records.RemoveRange(known, records.Count - known);
        return DnsOutcome.Failed;
    }

    /// <summary>
    /// The text of a record: its strings, each after its length (RFC 1035, 3.3.14), joined. Characters other than ASCII are question marks.
    /// Null if a string is cut off.
    /// </summary>
    public static string? TextOf(ReadOnlySpan<byte> record)
    {
        StringBuilder text = new(record.Length);
        while (!record.IsEmpty)
        {
            int length = record[0];
            if (record.Length - 1 < length)
                return null;
            text.Append(Encoding.ASCII.GetString(record.Slice(1, length)));
            record = record[(1 + length)..];
        }

        return text.ToString();
    }

    private static bool IsFor(ReadOnlySpan<byte> asked, ReadOnlySpan<byte> message)
    {
        bool isAnswer = (BinaryPrimitives.ReadUInt16BigEndian(message[2..]) & IsResponse) != 0;
        if (!isAnswer || !message[..2].SequenceEqual(asked[..2]) || !message.Slice(4, 2).SequenceEqual(asked.Slice(4, 2)))
            return false;

        // The case of letters means nothing.
        for (int i = DnsQuery.HeaderLength; i < asked.Length; i++)
        {
            if (ToLower(asked[i]) != ToLower(message[i]))
                return false;
        }

        return true;
    }

    private static byte ToLower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter;

    // A record is the name that it is about, type, class, time to live, length, data (RFC 1035, 4.1.3).
    private static bool TryReadRecords(ReadOnlySpan<byte> rest, int count, DnsQuery query, List<byte[]> records)
    {
        int most = query.Record == DnsRecord.Text ? DnsLimits.MaxTexts : DnsLimits.MaxAddresses;
        for (; count > 0; count--)
        {
            if (!TrySkipName(ref rest) || rest.Length < RecordLength)
                return false;
            DnsRecord type = (DnsRecord)BinaryPrimitives.ReadUInt16BigEndian(rest);
            int recordClass = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
            if (rest.Length - RecordLength < length)
                return false;
            ReadOnlySpan<byte> data = rest.Slice(RecordLength, length);
            if (type == query.Record && recordClass == DnsQuery.Internet && HasLengthOf(type, length) && records.Count < most)
                records.Add(data.ToArray());
            rest = rest[(RecordLength + length)..];
        }

        return true;
    }

    private static bool HasLengthOf(DnsRecord type, int length) => type switch
    {
        DnsRecord.AddressV4 => length == 4,
        DnsRecord.AddressV6 => length == 16,
        _ => true,
    };

    // A name ends with an empty label, or with a pointer to the rest of it elsewhere, which is not followed.
    private static bool TrySkipName(ref ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            int length = rest[0];
            int taken = length >= Pointer ? 2 : 1 + length;
            if (rest.Length < taken || length is > DnsLimits.MaxLabel and < Pointer)
                return false;
            rest = rest[taken..];
            if (length is 0 or >= Pointer)
                return true;
        }

        return false;
    }
}
