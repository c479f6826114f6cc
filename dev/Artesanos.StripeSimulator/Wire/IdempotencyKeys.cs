using Microsoft.Extensions.Options;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>The answer to one request.</summary>
internal sealed record StripeAnswer(int Status, byte[] Body);

/// <summary>The first request under an idempotency key. <see cref="Answer"/> is null while it
/// runs.</summary>
internal sealed record IdempotentRequest(
    string Key, string Path, string Fingerprint, string RequestId, DateTimeOffset At)
{
    public StripeAnswer? Answer { get; set; }
}

/// <summary>Binds an idempotency key to the endpoint and the parameters of its first use, and
/// repeats that answer.</summary>
internal sealed class IdempotencyKeys(IOptions<SimulatorOptions> options, TimeProvider time)
{
    public const int MaxKeyChars = 255;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, IdempotentRequest> _byKey = new(StringComparer.Ordinal);
    private readonly Queue<IdempotentRequest> _oldestFirst = new();

    /// <summary>Returns the first request under the key: a new one (no answer yet, to be ended by
    /// <see cref="Keep"/> or <see cref="Release"/>) or an answered one. Throws Stripe's refusal
    /// where the key is in use or bound to something else.</summary>
    public IdempotentRequest Begin(string key, string path, string fingerprint, string requestId)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            Forget(now);
            if (!_byKey.TryGetValue(key, out var first))
            {
                first = new IdempotentRequest(key, path, fingerprint, requestId, now);
                _byKey.Add(key, first);
                _oldestFirst.Enqueue(first);
                return first;
            }

            if (first.Path != path)
            {
                throw Misused(
                    "Keys for idempotent requests can only be used for the same endpoint they "
                    + $"were first used for ('{path}' vs '{first.Path}'). Try using a key other "
                    + $"than '{key}' if you meant to execute a different request.");
            }

            if (first.Fingerprint != fingerprint)
            {
                throw Misused(
                    "Keys for idempotent requests can only be used with the same parameters they "
                    + $"were first used with. Try using a key other than '{key}' if you meant to "
                    + "execute a different request.");
            }

            return first.Answer is not null ? first : throw new StripeRefusal(
                409, "invalid_request_error",
                "There is currently another in-progress request using this Idempotent Key (that "
                + "probably means you submitted twice, and the other request is still going "
                + $"through): {key}. Please try again later.")
            {
                Code = "idempotency_key_in_use"
            };
        }
    }

    /// <summary>Keeps the answer for whoever repeats the request.</summary>
    public void Keep(IdempotentRequest first, StripeAnswer answer)
    {
        lock (_gate)
        {
            first.Answer = answer;
        }
    }

    /// <summary>Nothing was executed: the key is free again.</summary>
    public void Release(IdempotentRequest first)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(first.Key, out var current) && ReferenceEquals(current, first))
            {
                _byKey.Remove(first.Key);
            }
        }
    }

    private static StripeRefusal Misused(string message) => new(400, "idempotency_error", message);

    private void Forget(DateTimeOffset now)
    {
        var limits = options.Value;
        while (_oldestFirst.TryPeek(out var oldest)
            && (_oldestFirst.Count > limits.MaxIdempotencyKeys
                || now - oldest.At > limits.IdempotencyKeyLifetime))
        {
            _oldestFirst.Dequeue();
            if (_byKey.TryGetValue(oldest.Key, out var current)
                && ReferenceEquals(current, oldest))
            {
                _byKey.Remove(oldest.Key);
            }
        }
    }
}
