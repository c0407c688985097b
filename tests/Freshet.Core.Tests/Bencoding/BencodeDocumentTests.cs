using System.Text;
using Freshet.Core.Bencoding;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Bencoding;

public class BencodeDocumentTests
{
    private const int Runs = 500;

    [Fact]
    public void Values_are_looked_up_by_key()
    {
        BencodeValue root = Parse("d4:infod6:lengthi42e4:name3:fooe4:listli1e2:abd1:xleeee").Root;
        Assert.Equal(BencodeKind.Dictionary, root.Kind);
        Assert.True(root["info"u8]["length"u8].TryGetInteger(out long length));
        Assert.Equal(42, length);
        Assert.Equal("foo"u8, root["info"u8]["name"u8].String);
        Assert.Equal("d6:lengthi42e4:name3:fooe"u8, root["info"u8].Raw.Span);
        Assert.Equal(3, root["list"u8].Items.Count());
        Assert.Equal(["i1e", "2:ab", "d1:xlee"], Raws(root["list"u8]));
    }

    [Fact]
    public void A_missing_value_can_be_looked_into()
    {
        BencodeValue missing = Parse("d1:ai1ee").Root["b"u8]["c"u8];
        Assert.True(missing.IsMissing);
        Assert.Equal(BencodeKind.Missing, missing.Kind);
        Assert.False(missing.TryGetInteger(out _));
        Assert.False(missing.TryGetString(out _));
        Assert.True(missing.String.IsEmpty);
        Assert.True(missing.Raw.IsEmpty);
        Assert.Equal(0, missing.Items.Count());
        foreach (BencodeEntry entry in missing.Entries)
            Assert.Fail($"an entry at {entry.Value.Start}");
    }

    [Fact]
    public void A_value_of_another_kind_is_not_taken_for_the_wanted_one()
    {
        BencodeValue root = Parse("l2:42i42ee").Root;
        Assert.True(root["2:42"u8].IsMissing);
        BencodeItems items = root.Items;
        Assert.True(items.MoveNext());
        Assert.False(items.Current.TryGetInteger(out _));
        Assert.True(items.MoveNext());
        Assert.False(items.Current.TryGetString(out _));
        Assert.False(items.MoveNext());
        Assert.False(items.MoveNext());
    }

    [Fact]
    public void The_first_of_equal_keys_counts_as_in_libtorrent()
    {
        BencodeDocument document = Parse("d1:ai1e1:ai2ee", BencodeOptions.Tolerant);
        Assert.True(document.Root["a"u8].TryGetInteger(out long value));
        Assert.Equal(1, value);
        Assert.Equal(BencodeErrorKind.DuplicateKey, document.Deviation.Kind);
    }

    [Fact]
    public void A_document_knows_where_its_value_ends()
    {
        BencodeDocument document = Parse("i1e\r\n", BencodeOptions.Strict with { AllowTrailingBytes = true });
        Assert.Equal(3, document.Length);
        Assert.Equal("i1e"u8, document.Root.Raw.Span);
    }

    [Fact]
    public void Memory_stays_in_proportion_to_hostile_input()
    {
        byte[] data = Encoding.ASCII.GetBytes($"l{string.Concat(Enumerable.Repeat("le", 100_000))}e");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(BencodeDocument.TryParse(data, default, out BencodeDocument? document, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 24 * data.Length);
        Assert.Equal(100_000, document.Root.Items.Count());
    }

    [Fact]
    public void What_is_written_is_read_back() => Prop.ForAll(BencodeTrees.All(), tree =>
    {
        byte[] bytes = BencodeTrees.Write(tree);
        Assert.True(
            BencodeDocument.TryParse(bytes, BencodeOptions.Strict, out BencodeDocument? document, out BencodeError error),
            error.ToString());
        return BencodeTrees.Same(tree, document.Root) && document.Root.Raw.Span.SequenceEqual(bytes);
    }).Holds(Runs);

    [Fact]
    public void Data_cut_anywhere_is_an_error() => Prop.ForAll(BencodeTrees.All(), tree =>
    {
        byte[] bytes = BencodeTrees.Write(tree);
        for (int length = 0; length < bytes.Length; length++)
        {
            if (BencodeDocument.TryParse(bytes.AsMemory(0, length), BencodeOptions.Tolerant, out _, out _))
                return false;
        }

        return true;
    }).Holds(Runs);

    private static BencodeDocument Parse(string data, BencodeOptions options = default)
    {
        bool parsed = BencodeDocument.TryParse(
            Encoding.Latin1.GetBytes(data), options, out BencodeDocument? document, out BencodeError error);
        Assert.True(parsed, error.ToString());
        return document!;
    }

    private static List<string> Raws(BencodeValue list)
    {
        var raws = new List<string>();
        foreach (BencodeValue item in list.Items)
            raws.Add(Encoding.Latin1.GetString(item.Raw.Span));
        return raws;
    }
}
