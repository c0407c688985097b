namespace Freshet.Interop.Tests;

/// <summary>
/// Different encryption settings of the two sides over uTP, as <see cref="EncryptionCases"/> has them over TCP; <see cref="UtpTests"/> has
/// the cases in which both have the same.
/// </summary>
public static class UtpCases
{
    public static TheoryData<ClientKind, ClientEncryption, string> SeedsWeDial => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain, EncryptionCases.Disabled },
        { ClientKind.Libtorrent, ClientEncryption.Plain, EncryptionCases.Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, EncryptionCases.Disabled },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, EncryptionCases.Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, EncryptionCases.Required },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, EncryptionCases.Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, EncryptionCases.Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Plain, EncryptionCases.Disabled },
        { ClientKind.QBittorrent, ClientEncryption.Plain, EncryptionCases.Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, EncryptionCases.Allowed },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, EncryptionCases.Required },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required, EncryptionCases.Allowed },
    };

    public static TheoryData<ClientKind, ClientEncryption, string> LeechersWeDial => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain, EncryptionCases.Disabled },
        { ClientKind.Libtorrent, ClientEncryption.Plain, EncryptionCases.Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, EncryptionCases.Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, EncryptionCases.Allowed },
        { ClientKind.QBittorrent, ClientEncryption.Plain, EncryptionCases.Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required, EncryptionCases.Allowed },
    };

    public static TheoryData<ClientKind, ClientEncryption, string> WhoDialsUs => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain, EncryptionCases.Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, EncryptionCases.Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, EncryptionCases.Disabled },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, EncryptionCases.Allowed },
        { ClientKind.QBittorrent, ClientEncryption.Preferred, EncryptionCases.Disabled },
    };

    /// <summary>Transmission takes up to twenty seconds for a transfer.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> TransmissionSeedsWeDial => new()
    {
        { ClientKind.Transmission, ClientEncryption.Plain, EncryptionCases.Disabled },
        { ClientKind.Transmission, ClientEncryption.Plain, EncryptionCases.Preferred },
        { ClientKind.Transmission, ClientEncryption.Preferred, EncryptionCases.Allowed },
        { ClientKind.Transmission, ClientEncryption.Rc4Required, EncryptionCases.Allowed },
    };
}
