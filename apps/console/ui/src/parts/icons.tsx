import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export function IntakeIcon() {
  return (
    <Icon>
      <path d="M5 2.5h6.5L15.5 6.5v11h-10.5zM11 2.5v4.5h4.5M10 15v-5M7.8 12l2.2-2.2 2.2 2.2" />
    </Icon>
  );
}

export function PatientsIcon() {
  return (
    <Icon>
      <path d="M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.5c.4-3 2.6-4.5 5.5-4.500s5.1 1.5 5.5 4.500M13 4a2.8 2.8 0 0 1 0 5.300M15 12.300c1.7.6 2.7 2 3 4.2" />
    </Icon>
  );
}

export function AlertsIcon() {
  return (
    <Icon>
      <path d="M10 3a4.5 4.5 0 0 1 4.5 4.500c0 4 1.5 5 2 6.500h-13c.5-1.5 2-2.5 2-6.500A4.5 4.5 0 0 1 10 3zM8.3 16.500a1.8 1.8 0 0 0 3.4 0" />
    </Icon>
  );
}

export function EnquiriesIcon() {
  return (
    <Icon>
      <path d="M3 4h14v9.500H9.500L6 17v-3.500H3zM6.500 7.500h7M6.500 10h4.500" />
    </Icon>
  );
}

export function AuditIcon() {
  return (
    <Icon>
      <path d="M4 3.500h12v13H4zM7 7.500h6M7 10.500h6M7 13.500h3.5" />
    </Icon>
  );
}

export function ControlsIcon() {
  return (
    <Icon>
      <path d="M10 2.5l6 2.200v5c0 4-2.500 6.500-6 7.800-3.500-1.300-6-3.800-6-7.800v-5zM7.2 10l2 2 3.600-4" />
    </Icon>
  );
}

export function SettingsIcon() {
  return (
    <Icon>
      <path d="M3 6h7M14 6h3M3 14h3M10 14h7M12 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM8 12a2 2 0 1 0 0 4 2 2 0 0 0 0-4z" />
    </Icon>
  );
}

export function EmergencyIcon() {
  return (
    <Icon>
      <path d="M4 9.500h12v7H4zM7 9.500v-2.500a3 3 0 0 1 6 0M10 12v2" />
    </Icon>
  );
}

export function ClinicsIcon() {
  return (
    <Icon>
      <path d="M3.5 16.500v-9l6.500-4 6.500 4v9zM10 8v5M7.5 10.500h5" />
    </Icon>
  );
}

export function ReviewsIcon() {
  return (
    <Icon>
      <path d="M4 3.500h12v13H4zM7 10l2.200 2.200L13.500 8" />
    </Icon>
  );
}

export function TodayIcon() {
  return (
    <Icon>
      <path d="M3.5 5h13v11.500h-13zM3.5 8.500h13M7 3v3.500M13 3v3.500M7 12h3" />
    </Icon>
  );
}

export function BackIcon() {
  return (
    <Icon>
      <path d="M11.5 5l-5 5 5 5" />
    </Icon>
  );
}

/** Two posts and the rope between them. */
export function CordonMark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="mark-post" d="M8 12v14M24 12v14M5 26h6M21 26h6" />
      <path className="mark-rope" d="M8 13c3 8 13 8 16 0" />
      <circle className="mark-knob" cx="8" cy="8.5" r="2.4" />
      <circle className="mark-knob" cx="24" cy="8.5" r="2.4" />
    </svg>
  );
}
