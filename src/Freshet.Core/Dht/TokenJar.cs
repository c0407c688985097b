using System.Security.Cryptography;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>
/// Creates and checks the tokens that let a host announce (BEP 5): a host that presents one has received it at its source address. A token
/// is valid only for that host and target, for five to ten minutes.
/// </summary>
internal sealed class TokenJar
{
    /// <summary>The length of a token in bytes.</summary>
    public const int Length = 4;

    private const int SecretLength = 16;
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(5);

    private readonly byte[] _secret = new byte[SecretLength];
    private readonly byte[] _before = new byte[SecretLength];
    private readonly Random _random;
    private Timestamp _turned;

    public TokenJar(Random random, Timestamp now)
    {
        _random = random;
        _turned = now;
        random.NextBytes(_secret);
        random.NextBytes(_before);
    }

    /// <summary>Writes the token of a host for a target.</summary>
    public void Write(NodeAddress host, NodeId target, Timestamp now, Span<byte> token)
    {
        TurnIfDue(now);
        Make(_secret, host, target, token);
    }

    public bool IsValid(ReadOnlySpan<byte> token, NodeAddress host, NodeId target, Timestamp now)
    {
        TurnIfDue(now);
        Span<byte> expected = stackalloc byte[Length];
        Make(_secret, host, target, expected);
        if (CryptographicOperations.FixedTimeEquals(token, expected))
            return true;
        Make(_before, host, target, expected);
        return CryptographicOperations.FixedTimeEquals(token, expected);
    }

    private void TurnIfDue(Timestamp now)
    {
        if (now - _turned < Turn)
            return;

        // Secrets older than two rotations are no longer valid.
        if (now - _turned < 2 * Turn)
            _secret.CopyTo(_before.AsSpan());
        else
            _random.NextBytes(_before);
        _random.NextBytes(_secret);
        _turned = now;
    }

    private static void Make(ReadOnlySpan<byte> secret, NodeAddress host, NodeId target, Span<byte> token)
    {
        Span<byte> hashed = stackalloc byte[SecretLength + NodeAddress.V6Length + NodeId.Length];
        secret.CopyTo(hashed);
        int length = SecretLength + host.At(0).Write(hashed[SecretLength..]);
        target.CopyTo(hashed[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(hashed[..(length + NodeId.Length)], hash);
        hash[..Length].CopyTo(token);
    }
}
