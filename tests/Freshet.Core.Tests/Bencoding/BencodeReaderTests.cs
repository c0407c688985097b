using System.Text;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Tests.Bencoding;

public class BencodeReaderTests
{
    // BEP 3, "bencoding": the examples given there.
    [Theory]
    [InlineData("4:spam", "S(spam)")]
    [InlineData("i3e", "I(3)")]
    [InlineData("i-3e", "I(-3)")]
    [InlineData("i0e", "I(0)")]
    [InlineData("l4:spam4:eggse", "L S(spam) S(eggs) E")]
    [InlineData("d3:cow3:moo4:spam4:eggse", "D K(cow) S(moo) K(spam) S(eggs) E")]
    [InlineData("d4:spaml1:a1:bee", "D K(spam) L S(a) S(b) E E")]
    [InlineData("0:", "S()")]
    [InlineData("le", "L E")]
    [InlineData("de", "D E")]
    [InlineData("d0:0:e", "D K() S() E")]
    [InlineData("lli1eede1:xe", "L L I(1) E D E S(x) E")]
    [InlineData("i9223372036854775807e", "I(9223372036854775807)")]
    [InlineData("i-9223372036854775808e", "I(-9223372036854775808)")]
    public void Well_formed_data_is_read_token_by_token(string data, string tokens)
    {
        (string read, BencodeError error) = ReadAll(data, BencodeOptions.Strict);
        Assert.Equal(BencodeErrorKind.None, error.Kind);
        Assert.Equal(tokens, read);
        Assert.Equal(tokens, ReadAll(data, BencodeOptions.Tolerant).Tokens);
    }

    [Theory]
    [InlineData("", nameof(BencodeErrorKind.UnexpectedEnd), 0)]
    [InlineData("i", nameof(BencodeErrorKind.UnexpectedEnd), 1)]
    [InlineData("i1", nameof(BencodeErrorKind.UnexpectedEnd), 2)]
    [InlineData("i-", nameof(BencodeErrorKind.UnexpectedEnd), 2)]
    [InlineData("l", nameof(BencodeErrorKind.UnexpectedEnd), 1)]
    [InlineData("d1:a", nameof(BencodeErrorKind.UnexpectedEnd), 4)]
    [InlineData("4", nameof(BencodeErrorKind.StringBeyondEnd), 0)]
    [InlineData("1", nameof(BencodeErrorKind.UnexpectedEnd), 1)]
    [InlineData("5:spam", nameof(BencodeErrorKind.StringBeyondEnd), 0)]
    [InlineData("99999999999999999999:", nameof(BencodeErrorKind.StringBeyondEnd), 0)]
    [InlineData("e", nameof(BencodeErrorKind.UnexpectedByte), 0)]
    [InlineData("x", nameof(BencodeErrorKind.UnexpectedByte), 0)]
    [InlineData("-1:a", nameof(BencodeErrorKind.UnexpectedByte), 0)]
    [InlineData("lxe", nameof(BencodeErrorKind.UnexpectedByte), 1)]
    [InlineData("ie", nameof(BencodeErrorKind.InvalidInteger), 0)]
    [InlineData("i-e", nameof(BencodeErrorKind.InvalidInteger), 0)]
    [InlineData("i+1e", nameof(BencodeErrorKind.InvalidInteger), 0)]
    [InlineData("i1.5e", nameof(BencodeErrorKind.InvalidInteger), 0)]
    [InlineData("i 1e", nameof(BencodeErrorKind.InvalidInteger), 0)]
    [InlineData("i--1e", nameof(BencodeErrorKind.InvalidInteger), 0)]
    [InlineData("i9223372036854775808e", nameof(BencodeErrorKind.IntegerOutOfRange), 0)]
    [InlineData("i-9223372036854775809e", nameof(BencodeErrorKind.IntegerOutOfRange), 0)]
    [InlineData("i99999999999999999999999e", nameof(BencodeErrorKind.IntegerOutOfRange), 0)]
    [InlineData("4xspam", nameof(BencodeErrorKind.InvalidLength), 0)]
    [InlineData("di1ei2ee", nameof(BencodeErrorKind.KeyNotString), 1)]
    [InlineData("dlei2ee", nameof(BencodeErrorKind.KeyNotString), 1)]
    [InlineData("d1:ae", nameof(BencodeErrorKind.KeyWithoutValue), 4)]
    [InlineData("4:spamx", nameof(BencodeErrorKind.TrailingBytes), 6)]
    [InlineData("i1ei2e", nameof(BencodeErrorKind.TrailingBytes), 3)]
    public void Malformed_data_is_refused_with_its_offset(string data, string kind, int offset)
    {
        Assert.Equal(new BencodeError(Enum.Parse<BencodeErrorKind>(kind), offset), ReadAll(data, BencodeOptions.Strict).Error);
        Assert.Equal(new BencodeError(Enum.Parse<BencodeErrorKind>(kind), offset), ReadAll(data, BencodeOptions.Tolerant).Error);
    }

    // BEP 3: "i-0e is invalid", no leading zeros except in i0e; keys are sorted as raw strings.
    [Theory]
    [InlineData("i-0e", nameof(BencodeErrorKind.LeadingZero), 0, "I(0)")]
    [InlineData("i03e", nameof(BencodeErrorKind.LeadingZero), 0, "I(3)")]
    [InlineData("i00e", nameof(BencodeErrorKind.LeadingZero), 0, "I(0)")]
    [InlineData("i-03e", nameof(BencodeErrorKind.LeadingZero), 0, "I(-3)")]
    [InlineData("04:spam", nameof(BencodeErrorKind.LeadingZero), 0, "S(spam)")]
    [InlineData("00:", nameof(BencodeErrorKind.LeadingZero), 0, "S()")]
    [InlineData("d1:b0:1:a0:e", nameof(BencodeErrorKind.KeysNotSorted), 6, "D K(b) S() K(a) S() E")]
    [InlineData("d1:a0:0:0:e", nameof(BencodeErrorKind.KeysNotSorted), 6, "D K(a) S() K() S() E")]
    [InlineData("d1:a0:1:ai1ee", nameof(BencodeErrorKind.DuplicateKey), 6, "D K(a) S() K(a) I(1) E")]
    [InlineData("d2:aad1:ble1:a0:e1:a0:e", nameof(BencodeErrorKind.KeysNotSorted), 11, "D K(aa) D K(b) L E K(a) S() E K(a) S() E")]
    public void Data_that_is_not_canonical_is_refused_or_tolerated_and_reported(string data, string kind, int offset, string tokens)
    {
        var deviation = new BencodeError(Enum.Parse<BencodeErrorKind>(kind), offset);
        Assert.Equal(deviation, ReadAll(data, BencodeOptions.Strict).Error);

        Assert.Equal((tokens, default), ReadAll(data, BencodeOptions.Tolerant));
        var reader = new BencodeReader(Encoding.Latin1.GetBytes(data), BencodeOptions.Tolerant);
        while (reader.Read())
            ;
        Assert.Equal(deviation, reader.Deviation);
    }

    [Theory]
    [InlineData((byte)'l')]
    [InlineData((byte)'d')]
    public void A_megabyte_of_opening_brackets_is_an_error_and_no_crash(byte start)
    {
        byte[] data = new byte[1 << 20];
        data.AsSpan().Fill(start);
        var reader = new BencodeReader(data);
        int read = 0;
        while (reader.Read())
            read++;
        BencodeErrorKind expected = start == 'l' ? BencodeErrorKind.TooDeep : BencodeErrorKind.KeyNotString;
        Assert.Equal(expected, reader.Error.Kind);
        Assert.InRange(read, 1, Limits.MaxBencodeDepth);
    }

    [Fact]
    public void Nesting_up_to_the_limit_is_read()
    {
        string deepest = new string('l', Limits.MaxBencodeDepth) + new string('e', Limits.MaxBencodeDepth);
        Assert.Equal(BencodeErrorKind.None, ReadAll(deepest, BencodeOptions.Strict).Error.Kind);
        Assert.Equal(BencodeErrorKind.TooDeep, ReadAll($"l{deepest}e", BencodeOptions.Strict).Error.Kind);
    }

    [Fact]
    public void Tokens_are_limited()
    {
        BencodeOptions options = BencodeOptions.Strict with { MaxTokens = 4 };
        Assert.Equal(BencodeErrorKind.None, ReadAll("li1ei2ee", options).Error.Kind);
        Assert.Equal(new BencodeError(BencodeErrorKind.TooManyTokens, 10), ReadAll("li1ei2ei3ee", options).Error);
    }

    [Fact]
    public void Trailing_bytes_are_left_alone_on_request()
    {
        var reader = new BencodeReader("d1:ai1ee<garbage>"u8, BencodeOptions.Strict with { AllowTrailingBytes = true });
        Assert.True(reader.Read());
        Assert.True(reader.Skip());
        Assert.False(reader.Read());
        Assert.Equal(BencodeErrorKind.None, reader.Error.Kind);
        Assert.Equal(8, reader.Position);
    }

    [Fact]
    public void A_value_is_skipped_as_a_whole_and_its_raw_bytes_are_returned()
    {
        var reader = new BencodeReader("d1:ad1:xl1:yee1:bi2ee"u8);
        Assert.True(reader.Read() && reader.Read());
        Assert.True(reader.IsKey);
        Assert.True(reader.Read());
        Assert.True(reader.Skip(out ReadOnlySpan<byte> raw));
        Assert.Equal("d1:xl1:yee"u8, raw);
        Assert.True(reader.Read());
        Assert.True(reader.IsKey);
        Assert.Equal("b"u8, reader.String);
        Assert.True(reader.Read());
        Assert.True(reader.Skip(out raw));
        Assert.Equal("i2e"u8, raw);
    }

    [Fact]
    public void Skipping_stops_at_an_error()
    {
        var reader = new BencodeReader("ll1:ai01eee"u8);
        Assert.True(reader.Read());
        Assert.False(reader.Skip());
        Assert.Equal(BencodeErrorKind.LeadingZero, reader.Error.Kind);
        Assert.False(reader.Read());
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] data = Encoding.ASCII.GetBytes("d1:ali1ei2e4:spame1:bd1:ci3eee");
        Assert.Equal(0, Allocations.Of(() =>
        {
            var reader = new BencodeReader(data);
            while (reader.Read())
                ;
        }));
    }

    private static (string Tokens, BencodeError Error) ReadAll(string data, BencodeOptions options)
    {
        var reader = new BencodeReader(Encoding.Latin1.GetBytes(data), options);
        var tokens = new List<string>();
        while (reader.Read())
        {
            tokens.Add(reader.Token switch
            {
                BencodeToken.Integer => $"I({reader.Integer})",
                BencodeToken.String => $"{(reader.IsKey ? 'K' : 'S')}({Encoding.Latin1.GetString(reader.String)})",
                BencodeToken.List => "L",
                BencodeToken.Dictionary => "D",
                _ => "E",
            });
        }

        return (string.Join(' ', tokens), reader.Error);
    }
}
