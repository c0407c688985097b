namespace Freshet.Core.Dht.Items;

/// <summary>
/// A point on the curve edwards25519 (RFC 8032, section 5.1) in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z. The addition formula is
/// complete, so nothing depends on which points are added.
/// </summary>
internal readonly struct CurvePoint
{
    private static readonly FieldElement D = -FieldElement.Of(121_665) * FieldElement.Of(121_666).Invert();
    private static readonly FieldElement TwoD = D + D;
    private static readonly FieldElement RootOfMinusOne = FieldElement.Of(2).PowerForRootOfMinusOne();

    private readonly FieldElement _x;
    private readonly FieldElement _y;
    private readonly FieldElement _z;
    private readonly FieldElement _t;

    private CurvePoint(in FieldElement x, in FieldElement y, in FieldElement z, in FieldElement t)
    {
        _x = x;
        _y = y;
        _z = z;
        _t = t;
    }

    /// <summary>The neutral element of addition.</summary>
    public static CurvePoint Neutral => new(FieldElement.Zero, FieldElement.One, FieldElement.One, FieldElement.Zero);

    /// <summary>The base point: y is 4/5, x is even.</summary>
    public static CurvePoint Base { get; } = MakeBase();

    public static CurvePoint operator +(in CurvePoint left, in CurvePoint right)
    {
        FieldElement a = (left._y - left._x) * (right._y - right._x);
        FieldElement b = (left._y + left._x) * (right._y + right._x);
        FieldElement c = left._t * TwoD * right._t;
        FieldElement d = (left._z + left._z) * right._z;
        FieldElement e = b - a;
        FieldElement f = d - c;
        FieldElement g = d + c;
        FieldElement h = b + a;
        return new CurvePoint(e * f, g * h, f * g, e * h);
    }

    public static CurvePoint operator -(in CurvePoint point) => new(-point._x, point._y, point._z, -point._t);

    /// <summary>Multiplies the point by a scalar, in constant time.</summary>
    /// <param name="scalar">32 bytes, little-endian.</param>
    public CurvePoint Times(ReadOnlySpan<byte> scalar)
    {
        CurvePoint result = Neutral;
        for (int i = 255; i >= 0; i--)
        {
            result += result;
            CurvePoint sum = result + this;
            result = Select(sum, result, (ulong)((scalar[i >> 3] >> (i & 7)) & 1));
        }

        return result;
    }

    /// <summary>Decodes 32 bytes (RFC 8032, section 5.1.3); false if there is no such point. Not for secrets.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CurvePoint point)
    {
        point = default;
        FieldElement y = FieldElement.Read(bytes);
        Span<byte> canonical = stackalloc byte[32];
        y.Write(canonical);
        bool isNegative = (bytes[31] & 0x80) != 0;
        canonical[31] |= (byte)(bytes[31] & 0x80);
        if (!canonical.SequenceEqual(bytes[..32]))
            return false;
        FieldElement squared = y * y;
        FieldElement u = squared - FieldElement.One;
        FieldElement v = (D * squared) + FieldElement.One;
        FieldElement v3 = v * v * v;
        FieldElement x = u * v3 * (u * v3 * v3 * v).PowerForRoot();
        FieldElement check = v * x * x;
        if (check.IsSame(-u))
            x *= RootOfMinusOne;
        else if (!check.IsSame(u))
            return false;
        if (x.IsSame(FieldElement.Zero) && isNegative)
            return false;
        if (x.IsNegative != isNegative)
            x = -x;
        point = new CurvePoint(x, y, FieldElement.One, x * y);
        return true;
    }

    /// <summary>Encodes the point as 32 bytes (RFC 8032, section 5.1.2).</summary>
    public void Write(Span<byte> bytes)
    {
        FieldElement inverse = _z.Invert();
        FieldElement x = _x * inverse;
        (_y * inverse).Write(bytes);
        Span<byte> sign = stackalloc byte[32];
        x.Write(sign);
        bytes[31] |= (byte)((sign[0] & 1) << 7);
    }

    private static CurvePoint Select(in CurvePoint one, in CurvePoint zero, ulong bit) => new(
        FieldElement.Select(one._x, zero._x, bit),
        FieldElement.Select(one._y, zero._y, bit),
        FieldElement.Select(one._z, zero._z, bit),
        FieldElement.Select(one._t, zero._t, bit));

    private static CurvePoint MakeBase()
    {
        Span<byte> bytes = stackalloc byte[32];
        (FieldElement.Of(4) * FieldElement.Of(5).Invert()).Write(bytes);
        _ = TryRead(bytes, out CurvePoint point);
        return point;
    }
}
