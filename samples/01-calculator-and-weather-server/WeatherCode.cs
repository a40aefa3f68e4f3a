namespace CalculatorAndWeatherServer;

/// <summary>The weather codes of the World Meteorological Organization (table 4677), as far as Open-Meteo uses them.</summary>
internal static class WeatherCode
{
    public static string InWords(int code) => code switch
    {
        0 => "clear sky",
        1 => "mainly clear",
        2 => "partly cloudy",
        3 => "overcast",
        45 or 48 => "fog",
        >= 51 and <= 57 => "drizzle",
        >= 61 and <= 67 => "rain",
        >= 71 and <= 77 => "snow",
        >= 80 and <= 82 => "rain showers",
        85 or 86 => "snow showers",
        95 => "thunderstorm",
        96 or 99 => "thunderstorm with hail",
        _ => $"weather code {code}",
    };
}
