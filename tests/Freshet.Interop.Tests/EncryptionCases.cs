namespace Freshet.Interop.Tests;

/// <summary>
/// What one side asks of encryption and what the other, for every client that can be told. Where the two sides begin differently, the
/// transfer shows that the dial was repeated in the other way. All over TCP; the page of features has a table of them
/// (<see cref="WaysTable"/>).
/// </summary>
public static class EncryptionCases
{
    public const string Allowed = "allowed";
    public const string Preferred = "preferred";
    public const string Required = "required";
    public const string Disabled = "disabled";

    /// <summary>Transmission cannot be told to refuse encryption, and aria2 takes what comes unless it is to force it.</summary>
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

    /// <summary>aria2 dials only whom a tracker names, and Transmission nobody on the loopback.</summary>
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

    /// <summary>Leechers that a tracker tells of us.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> WhoFindsUs => new()
    {
        { ClientKind.Aria2, ClientEncryption.Plain, Required },
        { ClientKind.Aria2, ClientEncryption.Plain, Disabled },
        { ClientKind.Aria2, ClientEncryption.Rc4Required, Required },
    };
}
