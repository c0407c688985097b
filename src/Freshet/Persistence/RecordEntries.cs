using System.Collections.Immutable;
using Freshet.Core.Bencoding;

namespace Freshet.Persistence;

/// <summary>
/// The entries of a bencoded dictionary to be written: known ones and ones that are only carried along, in any order. They are sorted on
/// writing, as the format requires.
/// </summary>
internal sealed class RecordEntries
{
    private readonly List<ForeignEntry> _entries = [];

    public void Add(ReadOnlySpan<byte> key, long value) => Add(key, writer => writer.WriteInteger(value));

    public void Add(ReadOnlySpan<byte> key, string value) => Add(key, writer => writer.WriteString(value));

    public void Add(ReadOnlySpan<byte> key, byte[] value) => Add(key, writer => writer.WriteString(value));

    public void Add(ReadOnlySpan<byte> key, RecordEntries value) => Add(key, value.Write);

    public void Add(ReadOnlySpan<byte> key, Action<BencodeWriter> value) =>
        _entries.Add(new ForeignEntry(key.ToArray(), BencodeWriter.Write(value)));

    /// <summary>Adds entries written by another version.</summary>
    public void Add(ImmutableArray<ForeignEntry> entries) => _entries.AddRange(entries);

    public void Write(BencodeWriter writer)
    {
        _entries.Sort(static (one, other) => one.Key.Span.SequenceCompareTo(other.Key.Span));
        writer.WriteDictionaryStart();
        foreach (ForeignEntry entry in _entries)
        {
            writer.WriteKey(entry.Key.Span);
            writer.WriteRaw(entry.Value.Span);
        }

        writer.WriteEnd();
    }

    public byte[] ToArray() => BencodeWriter.Write(Write);
}
