namespace Freshet.Interop.Tests;

/// <summary>
/// What each side demands of encryption, for every client where it can be set. Where the two sides start differently, the transfer shows
/// that the dial was repeated in the other way. Everything runs over TCP; the page of features has a table of these cases
/// (<see cref="WaysTable"/>).
/// </summary>
public static class EncryptionCases
{
    public const string Allowed = "allowed";
    public const string Preferred = "preferred";
    public const string Required = "required";
    public const string Disabled = "disabled";

    /// <summary>
    /// Transmission cannot be told to refuse encryption, and aria2 accepts anything unless it is told to force encryption.
    /// </summary>
    public static TheoryData<ClientKind, ClientEncryption, string> WhoWeDial => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, Required },
        { ClientKind.Transmission, ClientEncryption.Plain, Preferred },
        { ClientKind.Transmission, ClientEncryption.Preferred, Disabled },
        { ClientKind.Transmission, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.Transmission, ClientEncryption.Rc4Required, Required },
        { ClientKind.Aria2, ClientEncryption.Plain, Preferred },
        { ClientKind.Aria2, ClientEncryption.Plain, Required },
        { ClientKind.Aria2, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.Aria2, ClientEncryption.Rc4Required, Required },
        { ClientKind.RTorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.RTorrent, ClientEncryption.Preferred, Preferred },
        { ClientKind.RTorrent, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.RTorrent, ClientEncryption.Rc4Required, Required },
        { ClientKind.QBittorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required, Required },
    };

    /// <summary>aria2 dials only peers that a tracker names, and Transmission dials nobody on the loopback.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> WhoDialsUs => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, Required },
        { ClientKind.RTorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.RTorrent, ClientEncryption.Rc4Required, Required },
        { ClientKind.QBittorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required, Required },
    };

    /// <summary>Leechers that learn of us from a tracker.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> WhoFindsUs => new()
    {
        { ClientKind.Aria2, ClientEncryption.Plain, Required },
        { ClientKind.Aria2, ClientEncryption.Plain, Disabled },
        { ClientKind.Aria2, ClientEncryption.Rc4Required, Required },
    };
}
