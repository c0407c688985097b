using System.Net;
using Freshet.Core.Dht;

namespace Freshet.Core.Tests.Dht;

public class PeerFilterTests
{
    // BEP 33, "test vectors".
    private const string Expected =
        "F6C3F5EAA07FFD91BDE89F777F26FB2BFF37BDB8FB2BBAA2FD3DDDE7BACFFF75EE7CCBAEFE5EEDB1FBFAFF67F6ABFF5E43DDBCA3FD9B9FFDF4FFD3E9"
        + "DFF12D1BDF59DB53DBE9FA5B7FF3B8FDFCDE1AFB8BEDD7BE2F3EE71EBBBFE93BCDEEFE148246C2BC5DBFF7E7EFDCF24FD8DC7ADFFD8FFFDFDDFFF7A4"
        + "BBEEDF5CB95CE81FC7FCFF1FF4FFFFDFE5F7FDCBB7FD79B3FA1FC77BFE07FFF905B7B7FFC7FEFEFFE0B8370BB0CD3F5B7F2BD93FEB4386CFDD6F7FD5"
        + "BFAF2E9EBFFFFEECD67ADBF7C67F17EFD5D75EBA6FFEBA7FFF47A91EB1BFBB53E8ABFB5762ABE8FF237279BFEFBFEEF5FFC5FEBFDFE5ADFFADFEE1FB"
        + "737FFFFBFD9F6AEFFEEE76B6FD8F72EF";

    [Fact]
    public void The_addresses_of_the_vectors_produce_their_filter()
    {
        byte[] filter = new byte[PeerFilter.Length];
        for (int i = 0; i < 256; i++)
            PeerFilter.Add(filter, NodeAddress.From(IPEndPoint.Parse($"192.0.2.{i}:{1 + i}")));
        for (int i = 0; i <= 0x3E7; i++)
            PeerFilter.Add(filter, NodeAddress.From(IPEndPoint.Parse($"[2001:db8::{i:x}]:{1 + i}")));
        Assert.Equal(Expected, Convert.ToHexString(filter));
        Assert.InRange(PeerFilter.Estimate(filter), 1224, 1225);
    }

    [Fact]
    public void An_empty_filter_has_nobody_and_a_full_one_has_a_bound()
    {
        byte[] filter = new byte[PeerFilter.Length];
        Assert.Equal(0, PeerFilter.Estimate(filter));
        filter.AsSpan().Fill(0xFF);
        Assert.InRange(PeerFilter.Estimate(filter), 7_000, 8_000);
    }
}
