using System.Text;
using Freshet.Core.Wire.Extensions;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Wire.Extensions;

public class MetadataMessageTests
{
    [Fact]
    public void The_examples_of_BEP_9_are_read()
    {
        Assert.True(MetadataMessage.TryParse("d8:msg_typei0e5:piecei0ee"u8, out MetadataMessage request));
        Assert.Equal((MetadataMessageKind.Request, 0), (request.Kind, request.Piece));
        Assert.True(MetadataMessage.TryParse("d8:msg_typei1e5:piecei0e10:total_sizei34256eexxxxxxxx"u8, out MetadataMessage data));
        Assert.Equal((MetadataMessageKind.Data, 0, 34_256L), (data.Kind, data.Piece, data.TotalSize));
        Assert.Equal("xxxxxxxx", Encoding.ASCII.GetString(data.Bytes));
        Assert.True(MetadataMessage.TryParse("d8:msg_typei2e5:piecei0ee"u8, out MetadataMessage reject));
        Assert.Equal((MetadataMessageKind.Reject, 0), (reject.Kind, reject.Piece));
    }

    [Fact]
    public void The_examples_of_BEP_9_are_written()
    {
        Assert.Equal("d8:msg_typei0e5:piecei0ee", Encoding.ASCII.GetString(MetadataMessage.Request(0)));
        Assert.Equal("d8:msg_typei2e5:piecei7ee", Encoding.ASCII.GetString(MetadataMessage.Reject(7)));
        byte[] metadata = new byte[34_256];
        metadata[^1] = 1;
        byte[] last = MetadataMessage.Data(2, metadata);
        Assert.StartsWith("d8:msg_typei1e5:piecei2e10:total_sizei34256ee", Encoding.Latin1.GetString(last), StringComparison.Ordinal);
        Assert.Equal(45 + 34_256 - (2 * 16_384), last.Length);
        Assert.Equal(1, last[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("le")]
    [InlineData("d5:piecei0ee")]
    [InlineData("d8:msg_typei0ee")]
    [InlineData("d8:msg_typei0e5:piecei-1ee")]
    [InlineData("d8:msg_typei0e5:piecei2147483648ee")]
    [InlineData("d8:msg_typei1e5:piecei0e10:total_sizei10ee")]
    [InlineData("d8:msg_typei0e5:piecei0e")]
    [InlineData("d8:msg_type1:05:piecei0ee")]
    public void Other_messages_are_refused(string payload) =>
        Assert.False(MetadataMessage.TryParse(Encoding.ASCII.GetBytes(payload), out _));

    [Fact]
    public void More_than_a_piece_is_refused()
    {
        byte[] header = "d8:msg_typei1e5:piecei0ee"u8.ToArray();
        Assert.True(MetadataMessage.TryParse([.. header, .. new byte[16_384]], out _));
        Assert.False(MetadataMessage.TryParse([.. header, .. new byte[16_385]], out _));
    }

    [Theory]
    [InlineData("d8:msg_typei3e5:piecei0ee")]
    [InlineData("d8:msg_typei-1e5:piecei0ee")]
    public void Future_kinds_are_distinguished_from_nonsense(string payload)
    {
        Assert.True(MetadataMessage.TryParse(Encoding.ASCII.GetBytes(payload), out MetadataMessage message));
        Assert.Equal(MetadataMessageKind.Unknown, message.Kind);
    }

    [Fact]
    public void Common_mistakes_of_others_are_forgiven()
    {
        Assert.True(MetadataMessage.TryParse("d5:piecei01e1:xl1:ae8:msg_typei0ee"u8, out MetadataMessage message));
        Assert.Equal((MetadataMessageKind.Request, 1), (message.Kind, message.Piece));
    }

    [Fact]
    public void Metadata_survives_being_cut_sent_and_put_together() =>
        Prop.ForAll(Gen.Choose(1, 100_000).ToArbitrary(), size =>
        {
            byte[] metadata = new byte[size];
            new System.Random(size).NextBytes(metadata);
            List<byte> read = [];
            for (int piece = 0; piece < MetadataMessage.PieceCountOf(size); piece++)
            {
                byte[] written = MetadataMessage.Data(piece, metadata);
                Assert.True(written.Length <= MetadataMessage.MaxLength);
                Assert.True(MetadataMessage.TryParse(written, out MetadataMessage message));
                Assert.Equal((piece, (long)size), (message.Piece, message.TotalSize));
                Assert.Equal(MetadataMessage.LengthOf(piece, size), message.Bytes.Length);
                read.AddRange(message.Bytes);
            }

            Assert.Equal(metadata, read);
        }).Holds(runs: 100);
}
