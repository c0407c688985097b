using System.Net;
using System.Text;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Wire.Extensions;

public class ExtensionHandshakeTests
{
    [Fact]
    public void The_example_of_the_BEP_is_read()
    {
        // BEP 10's own example, with the string lengths that its bytes have.
        byte[] payload = [.. "d1:md11:LT_metadatai1e6:"u8, 0xB5, .. "T_PEXi2ee1:pi6881e1:v13:"u8, 0xC2, 0xB5, .. "Torrent 1.2e"u8];
        Assert.True(ExtensionHandshake.TryParse(payload, out ExtensionHandshake handshake));
        Assert.Equal([new PeerExtension("LT_metadata", 1), new PeerExtension("\uFFFDT_PEX", 2)], handshake.Extensions);
        Assert.Equal(6881, handshake.Port);
        Assert.Equal("µTorrent 1.2", handshake.Client);
    }

    [Fact]
    public void Everything_that_other_clients_send_is_read()
    {
        ExtensionHandshake handshake = Parse(
            "d12:complete_agoi-1e1:ei0e4:ipv44:\u0001\u0002\u0003\u00041:md11:upload_onlyi3e11:ut_metadatai2e6:ut_pexi1ee"
            + "13:metadata_sizei31235e1:pi51413e4:reqqi500e11:upload_onlyi1e1:v18:Transmission 4.0.56:yourip4:\u007F\u0000\u0000\u0001e");
        Assert.Equal("upload_only=3 ut_metadata=2 ut_pex=1", string.Join(' ', handshake.Extensions.Select(e => $"{e.Name}={e.Number}")));
        Assert.Equal(31235, handshake.MetadataSize);
        Assert.Equal(500, handshake.RequestQueue);
        Assert.True(handshake.UploadOnly);
        Assert.False(handshake.PrefersEncryption);
        Assert.Equal(IPAddress.Loopback, handshake.YourIp);
        Assert.Equal(IPAddress.Parse("1.2.3.4"), handshake.IPv4);
        Assert.Null(handshake.IPv6);
    }

    [Theory]
    [InlineData("d1:pi0ee")]
    [InlineData("d1:pi70000ee")]
    [InlineData("d1:p4:6881e")]
    [InlineData("d4:reqqi-1ee")]
    [InlineData("d4:reqqi0ee")]
    [InlineData("d13:metadata_sizei-1ee")]
    [InlineData("d13:metadata_sizei999999999999ee")]
    [InlineData("d6:yourip3:abce")]
    [InlineData("d1:mi1ee")]
    [InlineData("d1:md1:ai256e1:bi-1e1:c1:1ee")]
    [InlineData("d1:vi3e1:zl1:ai2eee")]
    [InlineData("de")]
    public void Invalid_values_are_treated_as_missing(string payload) =>
        Assert.Equal(new ExtensionHandshake().ToArray(), Parse(payload).ToArray());

    [Theory]
    [InlineData("d1:pi6881e1:md6:ut_pexi1eee")] // unsorted
    [InlineData("d1:md6:ut_pexi1ee1:pi6881eetrailing")]
    public void Slips_of_other_clients_are_forgiven(string payload)
    {
        ExtensionHandshake handshake = Parse(payload);
        Assert.Equal(6881, handshake.Port);
        Assert.Single(handshake.Extensions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("le")]
    [InlineData("i1e")]
    [InlineData("d1:m")]
    [InlineData("d1:md6:ut_pexi1e")]
    [InlineData("d1:pi6881e")]
    [InlineData("d1:vlllll")]
    [InlineData("d9999999999:ae")]
    public void Messages_that_are_not_dictionaries_are_refused(string payload) =>
        Assert.False(ExtensionHandshake.TryParse(Encoding.Latin1.GetBytes(payload), out _));

    [Fact]
    public void Endless_lists_are_refused()
    {
        byte[] deep = [.. "d1:z"u8, .. Enumerable.Repeat((byte)'l', 1_000_000)];
        Assert.False(ExtensionHandshake.TryParse(deep, out _));
        byte[] wide = [.. "d1:zl"u8, .. Enumerable.Repeat("i1e"u8.ToArray(), 300_000).SelectMany(bytes => bytes), .. "ee"u8];
        Assert.False(ExtensionHandshake.TryParse(wide, out _));
    }

    [Fact]
    public void A_flood_of_names_is_cut()
    {
        StringBuilder payload = new("d1:md");
        for (int i = 0; i < 500; i++)
            payload.Append($"4:x{i:000}i{(i % 255) + 1}e");
        Assert.Equal(WireLimits.MaxExtensionsPerPeer, Parse(payload.Append("ee").ToString()).Extensions.Length);
    }

    [Fact]
    public void A_name_cannot_move_the_cursor()
    {
        Assert.Equal("\uFFFD[31mbad\uFFFD", Parse("d1:v9:\u001b[31mbad\u0007e").Client);
        Assert.Equal(64, Parse($"d1:v500:{new string('a', 500)}e").Client!.Length);
    }

    [Fact]
    public void Our_handshake_is_read_back_as_it_was_written()
    {
        ExtensionHandshake ours = new()
        {
            Extensions = [new PeerExtension("ut_pex", 1), new PeerExtension("ut_metadata", 2)],
            Client = "Freshet 0.1.0",
            Port = 6881,
            RequestQueue = 512,
            YourIp = IPAddress.Loopback,
            IPv6 = IPAddress.IPv6Loopback,
            MetadataSize = 12_345,
            UploadOnly = true,
        };
        Assert.True(ExtensionHandshake.TryParse(ours.ToArray(), out ExtensionHandshake read));
        Assert.Equal([new PeerExtension("ut_metadata", 2), new PeerExtension("ut_pex", 1)], read.Extensions);
        Assert.Equal(ours with { Extensions = [] }, read with { Extensions = [] });
        Assert.Equal(ours.ToArray(), read.ToArray());
    }

    [Fact]
    public void A_later_handshake_contains_only_changes()
    {
        PeerExtensions extensions = new();
        extensions.Apply(Parse("d1:md11:ut_metadatai2e6:ut_pexi1eee"));
        extensions.Apply(Parse("d1:md5:otheri9e6:ut_pexi0eee"));
        extensions.Apply(Parse("d1:md11:ut_metadatai7eee"));
        Assert.Equal(7, extensions.NumberOf("ut_metadata"));
        Assert.Equal(0, extensions.NumberOf("ut_pex"));
        Assert.Equal(9, extensions.NumberOf("other"));
        Assert.Equal(0, extensions.NumberOf("unheard_of"));
        Assert.Equal(2, extensions.Offered.Count);
    }

    [Fact]
    public void A_peer_cannot_make_us_remember_without_bound()
    {
        PeerExtensions extensions = new();
        for (int i = 0; i < 1_000; i++)
            extensions.Apply(new ExtensionHandshake { Extensions = [new PeerExtension($"x{i}", 1)] });
        Assert.Equal(WireLimits.MaxExtensionsPerPeer, extensions.Offered.Count);
    }

    private static ExtensionHandshake Parse(string payload)
    {
        Assert.True(ExtensionHandshake.TryParse(Encoding.Latin1.GetBytes(payload), out ExtensionHandshake handshake));
        return handshake;
    }
}
