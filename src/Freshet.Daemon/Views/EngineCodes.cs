using Freshet.Api;
using Freshet.Core.Peers;
using Freshet.Core.Torrents;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Daemon.Views;

/// <summary>Maps enumerated options of the engine to the API's and back.</summary>
internal static class EngineCodes
{
    public static string Of(PeerSource source) => source switch
    {
        PeerSource.Incoming => "incoming",
        PeerSource.Tracker => "tracker",
        PeerSource.Manual => "manual",
        PeerSource.Exchange => "exchange",
        PeerSource.Dht => "dht",
        PeerSource.Local => "local",
        PeerSource.Link => "link",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "The API has no word for it."),
    };

    /// <summary>Rounded to three decimals.</summary>
    public static double? MillisecondsOf(TimeSpan? time) => time is { } known ? Math.Round(known.TotalMilliseconds, 3) : null;

    public static UtpCode Of(UtpMode mode) => mode switch
    {
        UtpMode.Off => UtpCode.Off,
        UtpMode.Only => UtpCode.Only,
        _ => UtpCode.On,
    };

    public static UtpMode Of(UtpCode code) => code switch
    {
        UtpCode.Off => UtpMode.Off,
        UtpCode.Only => UtpMode.Only,
        _ => UtpMode.On,
    };

    public static EncryptionCode Of(EncryptionOptions options) => options.Outgoing switch
    {
        EncryptionPolicy.Disabled => EncryptionCode.Disabled,
        EncryptionPolicy.Preferred => EncryptionCode.Preferred,
        EncryptionPolicy.Required => EncryptionCode.Required,
        _ => EncryptionCode.Allowed,
    };

    /// <summary>One policy for both directions and for the payload after the handshake.</summary>
    public static EncryptionOptions Of(EncryptionCode code) => code switch
    {
        EncryptionCode.Disabled => Both(EncryptionPolicy.Disabled, EncryptedPayload.PlainPreferred),
        EncryptionCode.Preferred => Both(EncryptionPolicy.Preferred, EncryptedPayload.Rc4Preferred),
        EncryptionCode.Required => Both(EncryptionPolicy.Required, EncryptedPayload.Rc4Required),
        _ => Both(EncryptionPolicy.Allowed, EncryptedPayload.PlainPreferred),
    };

    public static IReadOnlyList<ProxyUseCode> Of(ProxyUses uses) =>
        [.. Enum.GetValues<ProxyUseCode>().Where(code => uses.HasFlag(Of(code)))];

    public static ProxyUses Of(IEnumerable<ProxyUseCode> codes) =>
        codes.Aggregate(ProxyUses.None, static (uses, code) => uses | Of(code));

    public static ProxyUses Of(ProxyUseCode code) => code switch
    {
        ProxyUseCode.Peers => ProxyUses.Peers,
        ProxyUseCode.Trackers => ProxyUses.Trackers,
        ProxyUseCode.Webseeds => ProxyUses.WebSeeds,
        _ => ProxyUses.Dht,
    };

    public static SuperSeedCode Of(SuperSeeding mode) => mode switch
    {
        SuperSeeding.Always => SuperSeedCode.Always,
        SuperSeeding.Never => SuperSeedCode.Never,
        _ => SuperSeedCode.Automatic,
    };

    public static SuperSeeding Of(SuperSeedCode code) => code switch
    {
        SuperSeedCode.Always => SuperSeeding.Always,
        SuperSeedCode.Never => SuperSeeding.Never,
        _ => SuperSeeding.Automatic,
    };

    public static SeedChokingCode Of(SeedChoking choking) => choking switch
    {
        SeedChoking.RoundRobin => SeedChokingCode.RoundRobin,
        SeedChoking.AntiLeech => SeedChokingCode.AntiLeech,
        _ => SeedChokingCode.FastestUpload,
    };

    public static SeedChoking Of(SeedChokingCode code) => code switch
    {
        SeedChokingCode.RoundRobin => SeedChoking.RoundRobin,
        SeedChokingCode.AntiLeech => SeedChoking.AntiLeech,
        _ => SeedChoking.FastestUpload,
    };

    private static EncryptionOptions Both(EncryptionPolicy policy, EncryptedPayload payload) =>
        new() { Incoming = policy, Outgoing = policy, Payload = payload };
}
