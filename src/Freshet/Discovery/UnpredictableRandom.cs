using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Freshet.Discovery;

/// <summary>
/// Random numbers that cannot be predicted from others, for values that authenticate an answer: a tracker that learns some transaction ids
/// must not be able to answer in another's name.
/// </summary>
internal sealed class UnpredictableRandom : Random
{
    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    public override int Next(int maxValue) => (int)NextInt64(maxValue);

    public override int Next() => Next(int.MaxValue);

    public override long NextInt64() => NextInt64(long.MaxValue);

    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    public override long NextInt64(long minValue, long maxValue)
    {
        // With 64 bits, the bias of the remainder is negligible.
        ulong range = (ulong)(maxValue - minValue);
        return range == 0 ? minValue : minValue + (long)(Sample64() % range);
    }

    public override void NextBytes(byte[] buffer) => RandomNumberGenerator.Fill(buffer);

    public override void NextBytes(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);

    public override double NextDouble() => (Sample64() >> 11) * (1.0 / (1L << 53));

    public override float NextSingle() => (Sample64() >> 40) * (1.0f / (1 << 24));

    protected override double Sample() => NextDouble();

    private static ulong Sample64()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
