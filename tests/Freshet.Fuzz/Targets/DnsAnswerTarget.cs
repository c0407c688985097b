using Freshet.Core.Names;
using Freshet.Core.Trackers;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// What a name server, or somebody who poses as one, answers when it is asked for the addresses of a host, or for what the host says about
/// its trackers (BEP 34).
/// </summary>
internal sealed class DnsAnswerTarget : IFuzzTarget
{
    private static readonly DnsQuery V4 = new(0x0123, "a.test", DnsRecord.AddressV4);
    private static readonly DnsQuery V6 = V4 with { Record = DnsRecord.AddressV6 };
    private static readonly DnsQuery Text = V4 with { Record = DnsRecord.Text };

    public string Name => "dns-answer";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        [0xC0, 12], [0, 1, 0, 1], [0, 28, 0, 1], [0, 5, 0, 1], [0x81, 0x80], [0x83, 0x80], [0, 4, 192, 0, 2, 7], [0xFF, 0xFF], [0x3F],
        [0x40], [0, 16, 0, 1], "BITTORRENT"u8.ToArray(), " UDP:"u8.ToArray(), " TCP:443"u8.ToArray(), " DENY ALL"u8.ToArray(),
    ];

    public IEnumerable<byte[]> Seeds =>
    [
        Answer(V4, [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]),
        Answer(V4, [
            0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, (byte)'b', 0xC0, 14,
            1, (byte)'b', 0xC0, 14, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, 4,
        ]),
        Answer(V6, [0xC0, 12, 0, 28, 0, 1, 0, 0, 0, 60, 0, 16, 32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]),
        Answer(Text, [0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, 27, 26, .. "BITTORRENT UDP:1337 TCP:80"u8]),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (DnsQuery query in (ReadOnlySpan<DnsQuery>)[V4, V6])
        {
            List<byte[]> addresses = [];
            DnsOutcome outcome = DnsAnswer.Read(input, query, addresses);
            int length = query == V6 ? 16 : 4;
            FuzzException.Require(addresses.Count <= DnsLimits.MaxAddresses, "addresses are limited");
            FuzzException.Require(
                addresses.TrueForAll(address => address.Length == length), "addresses must be of the family that was asked for");
            FuzzException.Require(
                outcome is DnsOutcome.Found or DnsOutcome.Failed || addresses.Count == 0,
                "a reply that is not an answer must have no addresses");
        }

        List<byte[]> texts = [];
        DnsAnswer.Read(input, Text, texts);
        FuzzException.Require(texts.Count <= DnsLimits.MaxTexts, "texts are limited");
        TrackerPreferences? preferences = TrackerPreferences.Read(texts.Select(static text => DnsAnswer.TextOf(text)).OfType<string>());
        foreach (string tracker in (ReadOnlySpan<string>)["http://a.test/announce", "https://a.test/announce?k=1", "udp://a.test:6969"])
        {
            IReadOnlyList<string> places = preferences?.Apply(tracker) ?? [tracker];
            FuzzException.Require(places.Count <= TrackerLimits.MaxPreferredPlaces, "places are limited");
            foreach (string place in places)
            {
                FuzzException.Require(TrackerAddress.IsSupported(place, out _), "a place must be the URL of a tracker");
                FuzzException.Require(new Uri(place).Host == "a.test", "a place must be on the same host");
                FuzzException.Require(
                    !tracker.StartsWith("https:", StringComparison.Ordinal) || place.StartsWith("https:", StringComparison.Ordinal),
                    "TLS is kept");
            }
        }
    }

    private static byte[] Answer(DnsQuery query, byte[] records)
    {
        byte[] message = new byte[DnsLimits.MaxDatagram];
        query.TryWrite(message, out int length);
        (message[2], message[3], message[7]) = (0x81, 0x80, (byte)(records.Length > 30 ? 2 : 1));
        return [.. message[..length], .. records];
    }
}
