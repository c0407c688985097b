using System.Net;
using Freshet.Core.Names;

namespace Freshet.Core.Tests.Names;

public class DnsAnswerTests
{
    // RFC 1035, 4.1.1 and 4.1.2: id, flags (recursion desired), one question; then the labels of the name, type A, class IN.
    private const string Question = "0123 0100 0001 0000 0000 0000 0166 0369 7369 0461 7270 6100 0001 0001";

    // The same with the flags of a response and two answers: an alias (RFC 1035, 3.3.1), with a pointer to the name at 12 (4.1.4), and an
    // address.
    private const string Alias = "c00c 0005 0001 0000 0e10 0004 0162 c00e";
    private const string Address = "0162 c00e 0001 0001 0000 0e10 0004 c000 0207";

    private static readonly DnsQuery Query = new(0x0123, "f.isi.arpa", DnsRecord.AddressV4);

    [Theory]
    [InlineData("f.isi.arpa")]
    [InlineData("f.isi.arpa.")]
    public void A_question_has_the_layout_of_the_specification(string host)
    {
        byte[] message = new byte[DnsLimits.MaxDatagram];
        Assert.True((Query with { Host = host }).TryWrite(message, out int length));
        Assert.Equal(Bytes(Question), message[..length]);
        Assert.True((Query with { Host = host, Record = DnsRecord.AddressV6 }).TryWrite(message, out length));
        Assert.Equal(28, message[length - 3]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("with space.test")]
    [InlineData("ünicode.test")]
    [InlineData("this-label-has-sixty-four-characters-which-is-one-more-than-it-may.test")]
    public void Text_that_is_not_a_name_is_not_asked_for(string host) =>
        Assert.False((Query with { Host = host }).TryWrite(new byte[DnsLimits.MaxDatagram], out _));

    [Fact]
    public void A_name_has_at_most_253_characters()
    {
        string longest = string.Join('.', Enumerable.Repeat(new string('a', 62), 4)) + ".b";
        Assert.Equal(253, longest.Length);
        Assert.True((Query with { Host = longest }).TryWrite(new byte[DnsLimits.MaxDatagram], out _));
        Assert.False((Query with { Host = longest + "c" }).TryWrite(new byte[DnsLimits.MaxDatagram], out _));
    }

    [Fact]
    public void Addresses_behind_an_alias_are_those_of_the_host()
    {
        (DnsOutcome outcome, List<IPAddress> addresses) = Read("0123 8180 0001 0002 0000 0000" + Question[29..] + Alias + Address);
        Assert.Equal(DnsOutcome.Found, outcome);
        Assert.Equal([IPAddress.Parse("192.0.2.7")], addresses);
    }

    [Fact]
    public void Letters_may_come_back_in_another_case_and_with_other_records_beside_the_addresses()
    {
        const string Text = "c00c 0010 0001 0000 0e10 0002 0161";
        const string OfAnotherClass = "c00c 0001 0003 0000 0e10 0004 0102 0304";
        string asked = Question[29..].Replace("0166", "0146", StringComparison.Ordinal);
        (DnsOutcome outcome, List<IPAddress> addresses) = Read("0123 8180 0001 0003 0000 0000" + asked + Text + OfAnotherClass + Address);
        Assert.Equal(DnsOutcome.Found, outcome);
        Assert.Equal([IPAddress.Parse("192.0.2.7")], addresses);
    }

    [Fact]
    public void Nothing_of_an_incomplete_answer_is_used()
    {
        (DnsOutcome outcome, List<IPAddress> addresses) = Read("0123 8180 0001 0003 0000 0000" + Question[29..] + Alias + Address + "c00c");
        Assert.Equal(DnsOutcome.Failed, outcome);
        Assert.Empty(addresses);
    }

    [Theory]
    [InlineData("0123 8183 0001 0000 0000 0000", DnsOutcome.NoSuchName)]
    [InlineData("0123 8182 0001 0000 0000 0000", DnsOutcome.Failed)]
    [InlineData("0123 8185 0001 0000 0000 0000", DnsOutcome.Failed)]
    [InlineData("0123 8380 0001 0000 0000 0000", DnsOutcome.Truncated)]
    [InlineData("0123 8180 0001 0000 0000 0000", DnsOutcome.Found)]
    [InlineData("0123 8180 0001 0001 0000 0000", DnsOutcome.Failed)]
    [InlineData("0124 8180 0001 0000 0000 0000", DnsOutcome.NotTheAnswer)]
    [InlineData("0123 0100 0001 0000 0000 0000", DnsOutcome.NotTheAnswer)]
    [InlineData("0123 8180 0000 0000 0000 0000", DnsOutcome.NotTheAnswer)]
    internal void The_header_is_read(string header, DnsOutcome expected)
    {
        (DnsOutcome outcome, List<IPAddress> addresses) = Read(header + Question[29..]);
        Assert.Equal(expected, outcome);
        Assert.Empty(addresses);
    }

    [Fact]
    public void An_answer_to_another_question_is_ignored()
    {
        string other = Question[29..].Replace("6973", "6974", StringComparison.Ordinal).Replace("0369", "0370", StringComparison.Ordinal);
        Assert.Equal(DnsOutcome.NotTheAnswer, Read("0123 8180 0001 0001 0000 0000" + other + Address).Outcome);
    }

    [Fact]
    public void A_message_that_is_cut_short_anywhere_is_no_answer_or_a_failure()
    {
        byte[] whole = Bytes("0123 8180 0001 0002 0000 0000" + Question[29..] + Alias + Address);
        for (int length = 0; length < whole.Length; length++)
        {
            DnsOutcome outcome = DnsAnswer.Read(whole.AsSpan(0, length), Query, []);
            Assert.Equal(length < Bytes(Question).Length ? DnsOutcome.NotTheAnswer : DnsOutcome.Failed, outcome);
        }
    }

    [Fact]
    public void Addresses_of_a_host_are_limited()
    {
        string many = string.Concat(Enumerable.Repeat(Address, 100));
        (DnsOutcome outcome, List<IPAddress> addresses) = Read("0123 8180 0001 0064 0000 0000" + Question[29..] + many);
        Assert.Equal(DnsOutcome.Found, outcome);
        Assert.Equal(DnsLimits.MaxAddresses, addresses.Count);
    }

    [Fact]
    public void Texts_of_a_host_are_read_with_their_strings_joined()
    {
        const string Text = "c00c 0010 0001 0000 0e10";
        const string Texts = Text + "0006 02 6162 02 6364" + Text + "0003 03 6162" + Text + "0000";
        byte[] message = Bytes("0123 8180 0001 0004 0000 0000" + QuestionForTexts + Texts + Address);
        List<byte[]> records = [];
        Assert.Equal(DnsOutcome.Found, DnsAnswer.Read(message, Query with { Record = DnsRecord.Text }, records));
        Assert.Equal(["abcd", null, ""], records.ConvertAll(static record => DnsAnswer.TextOf(record)));
    }

    [Fact]
    public void Texts_of_a_host_are_limited()
    {
        string many = string.Concat(Enumerable.Repeat("c00c 0010 0001 0000 0e10 0003 02 6162", 200));
        byte[] message = Bytes("0123 8180 0001 00c8 0000 0000" + QuestionForTexts + many);
        List<byte[]> records = [];
        Assert.Equal(DnsOutcome.Found, DnsAnswer.Read(message, Query with { Record = DnsRecord.Text }, records));
        Assert.Equal(DnsLimits.MaxTexts, records.Count);
    }

    private static string QuestionForTexts => Question[29..^9] + "0010 0001";

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static (DnsOutcome Outcome, List<IPAddress> Addresses) Read(string hex)
    {
        List<byte[]> records = [];
        DnsOutcome outcome = DnsAnswer.Read(Bytes(hex), Query, records);
        return (outcome, records.ConvertAll(static record => new IPAddress(record)));
    }
}
