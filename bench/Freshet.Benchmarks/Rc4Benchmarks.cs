using BenchmarkDotNet.Attributes;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Benchmarks;

/// <summary>The cipher of encrypted connections, over what is received at once.</summary>
public class Rc4Benchmarks
{
    private readonly Rc4 _cipher = new([1, 2, 3, 4, 5]);
    private readonly byte[] _bytes = new byte[64 * 1024];

    [Benchmark]
    public void Apply() => _cipher.Apply(_bytes);
}
