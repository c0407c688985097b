namespace Freshet.Interop.Tests;

/// <summary>
/// Transfers over uTP with Transmission, which Freshet dials: it dials nobody on the loopback. These cases take the longest, and run beside
/// the others.
/// </summary>
public class TransmissionUtpTests : UtpTransferCase
{
    public static TheoryData<ClientKind, ClientEncryption> Settings => new()
    {
        { ClientKind.Transmission, ClientEncryption.Plain },
        { ClientKind.Transmission, ClientEncryption.Preferred },
        { ClientKind.Transmission, ClientEncryption.Rc4Required },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public Task Downloads_from_a_seed_that_it_dials(ClientKind kind, ClientEncryption encryption) => DownloadAsync(kind, encryption);

    [Theory]
    [MemberData(nameof(Settings))]
    public Task Seeds_to_a_leecher_that_it_dials(ClientKind kind, ClientEncryption encryption) => SeedAsync(kind, encryption);
}
