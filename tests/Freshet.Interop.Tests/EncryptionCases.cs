namespace Freshet.Interop.Tests;

/// <summary>
/// What each side demands of encryption, for every client where it can be set. Everything runs over TCP; the page of features has a table
/// of how these cases went (<see cref="WaysTable"/>).
/// </summary>
public static class EncryptionCases
{
    public const string Allowed = "allowed";
    public const string Preferred = "preferred";
    public const string Required = "required";
    public const string Disabled = "disabled";

    /// <summary>aria2 accepts anything unless it is told to force encryption.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> WhoWeDial => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain, Disabled },
        { ClientKind.Libtorrent, ClientEncryption.Plain, Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, Required },
        { ClientKind.Aria2, ClientEncryption.Plain, Disabled },
        { ClientKind.Aria2, ClientEncryption.Plain, Allowed },
        { ClientKind.Aria2, ClientEncryption.Plain, Preferred },
        { ClientKind.Aria2, ClientEncryption.Plain, Required },
        { ClientKind.Aria2, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.Aria2, ClientEncryption.Rc4Required, Required },
        { ClientKind.RTorrent, ClientEncryption.Plain, Disabled },
        { ClientKind.RTorrent, ClientEncryption.Plain, Allowed },
        { ClientKind.RTorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.RTorrent, ClientEncryption.Preferred, Preferred },
        { ClientKind.RTorrent, ClientEncryption.Preferred, Allowed },
        { ClientKind.RTorrent, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.RTorrent, ClientEncryption.Rc4Required, Required },
        { ClientKind.QBittorrent, ClientEncryption.Plain, Disabled },
        { ClientKind.QBittorrent, ClientEncryption.Plain, Allowed },
        { ClientKind.QBittorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, Allowed },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required, Required },
    };

    /// <summary>
    /// The same of Transmission, which cannot be told to refuse encryption, and takes up to twenty seconds for a transfer.
    /// </summary>
    public static TheoryData<ClientKind, ClientEncryption, string> TransmissionWeDial => new()
    {
        { ClientKind.Transmission, ClientEncryption.Plain, Disabled },
        { ClientKind.Transmission, ClientEncryption.Plain, Allowed },
        { ClientKind.Transmission, ClientEncryption.Plain, Preferred },
        { ClientKind.Transmission, ClientEncryption.Preferred, Disabled },
        { ClientKind.Transmission, ClientEncryption.Preferred, Preferred },
        { ClientKind.Transmission, ClientEncryption.Preferred, Allowed },
        { ClientKind.Transmission, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.Transmission, ClientEncryption.Rc4Required, Required },
    };

    /// <summary>What is left of the settings that two sides can share: seeds from which each of ours downloads.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> SeedsWeDialToo => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Required },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, Preferred },
        { ClientKind.Aria2, ClientEncryption.Rc4Required, Preferred },
        { ClientKind.RTorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.RTorrent, ClientEncryption.Preferred, Required },
        { ClientKind.RTorrent, ClientEncryption.Rc4Required, Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, Required },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required, Preferred },
    };

    /// <summary>The same of Transmission.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> TransmissionSeedsWeDialToo => new()
    {
        { ClientKind.Transmission, ClientEncryption.Plain, Required },
        { ClientKind.Transmission, ClientEncryption.Preferred, Required },
        { ClientKind.Transmission, ClientEncryption.Rc4Required, Preferred },
    };

    /// <summary>aria2 dials only peers that a tracker names, and Transmission dials nobody on the loopback.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> WhoDialsUs => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain, Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, Required },
        { ClientKind.RTorrent, ClientEncryption.Plain, Allowed },
        { ClientKind.RTorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.RTorrent, ClientEncryption.Preferred, Allowed },
        { ClientKind.RTorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.RTorrent, ClientEncryption.Rc4Required, Required },
        { ClientKind.QBittorrent, ClientEncryption.Plain, Allowed },
        { ClientKind.QBittorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, Allowed },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required, Required },
    };

    /// <summary>Seeds and leechers that learn of us from a tracker.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> WhoFindsUs => new()
    {
        { ClientKind.Aria2, ClientEncryption.Plain, Required },
        { ClientKind.Aria2, ClientEncryption.Plain, Disabled },
        { ClientKind.Aria2, ClientEncryption.Rc4Required, Required },
    };
}
