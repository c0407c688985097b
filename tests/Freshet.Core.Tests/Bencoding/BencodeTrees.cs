using Freshet.Core.Bencoding;
using FsCheck;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Bencoding;

/// <summary>Generated values: long, byte[], and lists and sorted dictionaries of them.</summary>
internal static class BencodeTrees
{
    private static readonly Comparer<byte[]> Bytewise = Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y));

    public static Arbitrary<object> All() => Gen.Sized(size => Tree(Math.Min(size, 40))).ToArbitrary();

    public static byte[] Write(object tree) => BencodeWriter.Write(writer => Write(writer, tree));

    public static bool Same(object tree, BencodeValue value)
    {
        switch (tree)
        {
            case long number:
                return value.TryGetInteger(out long read) && read == number;
            case byte[] bytes:
                return value.TryGetString(out ReadOnlyMemory<byte> text) && text.Span.SequenceEqual(bytes);
            case List<object> list:
                int index = 0;
                foreach (BencodeValue item in value.Items)
                {
                    if (!Same(list[index++], item))
                        return false;
                }

                return value.Kind == BencodeKind.List && index == list.Count;
            default:
                var dictionary = (SortedDictionary<byte[], object>)tree;
                int count = 0;
                foreach (BencodeEntry entry in value.Entries)
                {
                    count++;
                    if (!Same(dictionary[entry.Key.ToArray()], entry.Value) || value[entry.Key].Start != entry.Value.Start)
                        return false;
                }

                return value.Kind == BencodeKind.Dictionary && count == dictionary.Count;
        }
    }

    private static Gen<object> Tree(int size)
    {
        Gen<object> number = Gen
            .OneOf(Gen.Elements(0L, 1L, -1L, 9L, 10L, long.MaxValue, long.MinValue), ArbMap.Default.GeneratorFor<long>())
            .Select(value => (object)value);
        Gen<object> bytes = Bytes().Select(value => (object)value);
        if (size < 2)
            return Gen.OneOf(number, bytes);
        Gen<object> list = Tree(size / 3).ListOf().Resize(size / 3).Select(items => (object)new List<object>(items));
        Gen<object> dictionary = Gen.Zip(Bytes(), Tree(size / 3)).ListOf().Resize(size / 3).Select(object (pairs) =>
        {
            var sorted = new SortedDictionary<byte[], object>(Bytewise);
            foreach ((byte[] key, object value) in pairs)
                sorted[key] = value;
            return sorted;
        });
        return Gen.OneOf(number, bytes, list, dictionary);
    }

    private static Gen<byte[]> Bytes() => ArbMap.Default.GeneratorFor<byte[]>().Resize(12);

    private static void Write(BencodeWriter writer, object tree)
    {
        switch (tree)
        {
            case long number:
                writer.WriteInteger(number);
                break;
            case byte[] bytes:
                writer.WriteString(bytes);
                break;
            case List<object> list:
                writer.WriteListStart();
                list.ForEach(item => Write(writer, item));
                writer.WriteEnd();
                break;
            case SortedDictionary<byte[], object> dictionary:
                writer.WriteDictionaryStart();
                foreach ((byte[] key, object value) in dictionary)
                {
                    writer.WriteKey(key);
                    Write(writer, value);
                }

                writer.WriteEnd();
                break;
        }
    }
}
