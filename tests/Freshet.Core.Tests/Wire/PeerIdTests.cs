using System.Text;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Wire;

public class PeerIdTests
{
    // The first are BEP 20's own examples; the others are seen in practice.
    [Theory]
    [InlineData("M4-3-6--", "BitTorrent 4.3.6")]
    [InlineData("M4-20-8-", "BitTorrent 4.20.8")]
    [InlineData("-AZ2060-", "Vuze 2.0.6")]
    [InlineData("S58B-----", "Shadow's client 5.8.11")]
    [InlineData("XBT054d-", "XBT Client 0.5.4 (debug)")]
    [InlineData("-ML2.7.2-kgjjfkd", "MLDonkey 2.7.2")]
    [InlineData("-BOWA0C-", "Bits on Wheels A0C")]
    [InlineData("Q1-10-0-", "Queen Bee 1.10.0")]
    [InlineData("AZ2500BT", "BitTyrant 1.1")]
    [InlineData("346------", "TorrenTopia 1.90")]
    [InlineData("exbc\u0000\u0038----", "BitComet 0.56")]
    [InlineData("exbc\u0001\u0001LORD", "BitLord 1.01")]
    [InlineData("\u0000\u0003BS", "BitSpirit 3")]
    [InlineData("OP1234abcdef", "Opera 1234")]
    [InlineData("-FG0180abc", "FlashGet 1.80")]
    [InlineData("-BD0300-", "BD 0.3.0")]
    [InlineData("-TR2940-", "Transmission 2.94")]
    [InlineData("-TR3000-", "Transmission 3.00")]
    [InlineData("-TR4050-", "Transmission 4.0.5")]
    [InlineData("-TR410B-", "Transmission 4.1.0 beta")]
    [InlineData("-qB4620-", "qBittorrent 4.6.2")]
    [InlineData("-LT20B0-", "libtorrent 2.0.11")]
    [InlineData("-lt0D80-", "libTorrent (rTorrent) 0.13.8")]
    [InlineData("-DE211s-", "Deluge 2.1.1.54")]
    [InlineData("-UT3550-", "µTorrent 3.5.5")]
    [InlineData("-WW0207-", "WebTorrent 2.07")]
    [InlineData("A2-1-36-0-", "aria2 1.36.0")]
    [InlineData("-RN1.12.1-", "Rain 1.12.1")]
    [InlineData("T03I-----", "BitTornado 0.3.18")]
    [InlineData("TIX0193-", "Tixati 1.93")]
    [InlineData("-FR0100-", "Freshet 0.1.0")]
    public void Clients_are_recognized_by_their_ids(string start, string client) =>
        Assert.Equal(client, PeerIdClient.Identify(Id(start)).ToString());

    [Theory]
    [InlineData("", "....................")]
    [InlineData("hello\u001b[31m world", "hello.[31m.world....")]
    [InlineData("-~~~~~~-", "-~~~~~~-............")]
    public void An_unknown_id_is_made_printable(string start, string client) =>
        Assert.Equal(client, PeerIdClient.Identify(Id(start)).ToString());

    [Fact]
    public void The_name_can_be_printed_whatever_the_bytes()
    {
        Random random = new(1);
        string[] starts =
            ["", "-", "-ML", "-RN", "exbc", "XBT", "OP", "M", "Q", "A2-", "-BOW", "T", "-TR", "-UT", "-BC", "AP", "TIX", "\0\u0001BS"];
        byte[] bytes = new byte[PeerId.Length];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            Encoding.Latin1.GetBytes(starts[i % starts.Length], bytes);
            string text = PeerIdClient.Identify(new PeerId(bytes)).ToString();
            Assert.DoesNotContain(text, char.IsControl);
            Assert.InRange(text.Length, 1, 60);
        }
    }

    [Fact]
    public void Our_ids_name_us_and_differ()
    {
        Random random = new(7);
        HashSet<PeerId> ids = [];
        for (int i = 0; i < 1_000; i++)
        {
            PeerId id = PeerIds.Create(random);
            Assert.True(ids.Add(id));
            string text = Encoding.ASCII.GetString(id.ToArray());
            Assert.StartsWith("-FR0100-", text, StringComparison.Ordinal);
            Assert.All(text[8..], c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        }
    }

    private static PeerId Id(string start)
    {
        byte[] bytes = new byte[PeerId.Length];
        Encoding.Latin1.GetBytes(start, bytes);
        return new PeerId(bytes);
    }
}
